#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Cases of the VM and nested tests must fail when the device is told to do what they guard against
run=$(dirname "$0")/run.py

echo TAP version 13
echo 1..3
number=0

# red FAULT GROUP CASE: with that fault of the device, the case runs to its end and fails
red()
{
	number=$((number + 1))
	output=$("$run" "$2" --only "$3" --device "fault=$1" 2>&1)
	if echo "$output" | grep -q "^not ok 1 $2: $3" && echo "$output" | grep -q "^# Totals: .*fail:1"; then
		echo "ok $number $1 turns $3 red"
	else
		echo "$output" | sed 's/^/# /'
		echo "not ok $number $1 turns $3 red"
	fi
}

red corrupt-payload chain bytes_arrive_unchanged
red misforward hostile an_untrusted_vf_sees_nobody_elses_frames
red lose-interrupts nested l2_drives_the_vf_and_gives_it_back
