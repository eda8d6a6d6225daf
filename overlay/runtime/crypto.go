//goxide:replace package

package runtime

import "unsafe"

// What the crypto packages link to: state of each goroutine for FIPS 140.

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { getg().locals.inherited |= flagBypassFIPS }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { getg().locals.inherited &^= flagBypassFIPS }

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return getg().locals.inherited&flagBypassFIPS != 0 }

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return getg().locals.indicator }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(v uint8) { getg().locals.indicator = v }

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) { fatal(s) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { fatal(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { fatal(s) }

// Data-independent timing is a mode of arm64 only.

//go:linkname subtle_setDITEnabled crypto/subtle.setDITEnabled
func subtle_setDITEnabled() bool { return false }

//go:linkname subtle_setDITDisabled crypto/subtle.setDITDisabled
func subtle_setDITDisabled() {}

// A cache that is to be emptied at a collection may as well be kept: its entries are
// looked up by address and checked.
//
//go:linkname bcache_registerCache crypto/internal/boring/bcache.registerCache
func bcache_registerCache(unsafe.Pointer) {}
