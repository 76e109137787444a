/* SPDX-License-Identifier: MIT
 *
 * The whole shoal plugin ABI. Read in this order: types.h (the rules), plugin.h (what a plugin is),
 * manifest.h (who it is), services.h (what it may ask for), records.h (what outputs are offered).
 */
#ifndef SHOAL_SHOAL_H
#define SHOAL_SHOAL_H

#include "manifest.h"
#include "plugin.h"
#include "records.h"
#include "services.h"
#include "types.h"

#endif
