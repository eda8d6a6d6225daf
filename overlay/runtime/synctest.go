//goxide:replace package

package runtime

import "unsafe"

// What internal/synctest links to. Bubbles need a scheduler that knows when all goroutines
// of one are blocked; until there is one, starting a bubble is a fatal error.

// synctestBubble is a set of goroutines with a clock of their own.
type synctestBubble struct {
	now int64
}

//go:linkname synctest_Run internal/synctest.Run
func synctest_Run(f func()) {
	fatal("testing/synctest is not supported")
}

//go:linkname synctest_Wait internal/synctest.Wait
func synctest_Wait() {
	panic(plainError("goroutine is not in a bubble"))
}

//go:linkname synctest_IsInBubble internal/synctest.IsInBubble
func synctest_IsInBubble() bool { return getg().locals.bubble != nil }

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int { return 0 }

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool { return false }

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	if b := getg().locals.bubble; b != nil {
		return b
	}
	return nil
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(b any) {}

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(b any, f func()) {
	fatal("testing/synctest is not supported")
}
