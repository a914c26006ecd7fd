/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For a kernel whose symbol namespaces are written without quotes.
 */
#ifndef BNY_COMPAT_MODULE_H
#define BNY_COMPAT_MODULE_H

#include <linux/module.h>

#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	__EXPORT_SYMBOL(sym, "GPL", ns)
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(ns)		MODULE_INFO(import_ns, ns)

#endif /* BNY_COMPAT_MODULE_H */
