//goxide:replace package

package runtime

// What internal/poll links to: the network poller.

//go:linkname poll_runtimeNano internal/poll.runtimeNano
func poll_runtimeNano() int64 { return nanotime() }

//go:linkname poll_pollServerInit internal/poll.runtime_pollServerInit
func poll_pollServerInit() { poll_init() }

//go:linkname poll_pollOpen internal/poll.runtime_pollOpen
func poll_pollOpen(fd uintptr) (uintptr, int) {
	handle, errno := poll_open(fd)
	return handle, int(errno)
}

//go:linkname poll_pollClose internal/poll.runtime_pollClose
func poll_pollClose(handle uintptr) { poll_close(handle) }

//go:linkname poll_pollReset internal/poll.runtime_pollReset
func poll_pollReset(handle uintptr, mode int) int { return poll_reset(handle, mode) }

//go:linkname poll_pollWait internal/poll.runtime_pollWait
func poll_pollWait(handle uintptr, mode int) int { return poll_wait(handle, mode) }

// Only used where an operation in flight must be waited for after it was cancelled, which
// no Linux operation needs.
//
//go:linkname poll_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_pollWaitCanceled(handle uintptr, mode int) { poll_wait(handle, mode) }

//go:linkname poll_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_pollSetDeadline(handle uintptr, ns int64, mode int) { poll_set_deadline(handle, ns, mode) }

//go:linkname poll_pollUnblock internal/poll.runtime_pollUnblock
func poll_pollUnblock(handle uintptr) { poll_unblock(handle) }

//go:linkname poll_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_isPollServerDescriptor(fd uintptr) bool { return poll_is_descriptor(fd) != 0 }
