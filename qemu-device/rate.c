/*
 * Banyan: rates, how much a function may send (datasheet, section 7)
 *
 * Two buckets: one of what it may send, which it has to wait for, and one of
 * what it is to be able to send, before others have their turn. A rate of one
 * Mb/s fills a bucket by one in a nanosecond, so that nothing is rounded; a
 * byte takes 8000.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "line.h"
#include "rate.h"
#include "trace.h"

#define BANYAN_RATE_BYTE 8000

/*
 * What a bucket holds: longer than a timer is late, or a function is kept from
 * its turn; shorter than anybody measures
 */
#define BANYAN_RATE_BURST_NS (20 * SCALE_MS)

/* How much longer than it must a function waits, so that it isn't a frame */
#define BANYAN_RATE_REST_NS (100 * SCALE_US)

static int64_t banyan_bucket_full(uint32_t rate)
{
    return (int64_t)rate * BANYAN_RATE_BURST_NS;
}

static void banyan_bucket_fill(BanyanBucket *b, uint32_t rate)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    /* a debt is never of more than a few frames */
    b->credit += rate * MIN(now - b->filled_ns, NANOSECONDS_PER_SECOND);
    b->credit = MIN(b->credit, banyan_bucket_full(rate));
    b->filled_ns = now;
}

static void banyan_bucket_init(BanyanBucket *b, uint32_t rate)
{
    b->credit = banyan_bucket_full(rate);
    b->filled_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void banyan_rate_resume(BanyanFunc *f)
{
    timer_del(&f->rate.timer);
    banyan_line_resume(f);
}

static void banyan_rate_timer(void *opaque)
{
    banyan_rate_resume(opaque);
}

void banyan_rate_init(BanyanFunc *f)
{
    timer_init_ns(&f->rate.timer, QEMU_CLOCK_VIRTUAL, banyan_rate_timer, f);
}

void banyan_rate_exit(BanyanFunc *f)
{
    banyan_rate_set(f, 0, 0);
}

/* What is guaranteed to all but this one, which may be NULL */
static uint64_t banyan_rate_guaranteed(const BanyanPort *port,
                                       const BanyanFunc *but)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < port->funcs; i++) {
        if (port->func[i] && port->func[i] != but) {
            sum += port->func[i]->rate.min;
        }
    }
    return sum;
}

bool banyan_rate_valid(const BanyanFunc *f, uint32_t min, uint32_t max)
{
    return max <= BNY_LINK_SPEED_DEFAULT &&
           min + banyan_rate_guaranteed(f->port, f) <= BNY_LINK_SPEED_DEFAULT &&
           (!max || min <= max);
}

void banyan_rate_set(BanyanFunc *f, uint32_t min, uint32_t max)
{
    trace_bny_rate(f->index, min, max);
    f->rate.min = min;
    f->rate.max = max;
    f->port->guarantees = banyan_rate_guaranteed(f->port, NULL);
    banyan_bucket_init(&f->rate.of_min, min);
    banyan_bucket_init(&f->rate.of_max, max);
    banyan_rate_resume(f);
}

void banyan_rate_reset(BanyanPort *port)
{
    for (unsigned i = 0; i < port->funcs; i++) {
        BanyanFunc *f = port->func[i];

        if (f && (f->rate.min || f->rate.max)) {
            banyan_rate_set(f, 0, 0);
        }
    }
}

static void banyan_rate_pause(BanyanFunc *f)
{
    BanyanBucket *b = &f->rate.of_max;

    banyan_line_pause(f);
    timer_mod_ns(&f->rate.timer, b->filled_ns + -b->credit / f->rate.max +
                                 BANYAN_RATE_REST_NS);
}

void banyan_rate_charge(BanyanFunc *f, uint64_t bytes)
{
    if (f->rate.min) {
        f->rate.of_min.credit -= bytes * BANYAN_RATE_BYTE;
    }
    if (f->rate.max) {
        banyan_bucket_fill(&f->rate.of_max, f->rate.max);
        f->rate.of_max.credit -= bytes * BANYAN_RATE_BYTE;
        if (f->rate.of_max.credit <= 0) {
            banyan_rate_pause(f);
        }
    }
}

bool banyan_rate_is_behind(BanyanFunc *f)
{
    if (!f->rate.min) {
        return false;
    }
    banyan_bucket_fill(&f->rate.of_min, f->rate.min);
    return f->rate.of_min.credit > 0;
}
