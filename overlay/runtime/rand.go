//goxide:replace package

package runtime

import "unsafe"

// Random numbers: for hash seeds, map iteration and the library. The generator is the
// runtime's, behind its one seam for choices.

func rand() uint64 { return fastrand() }

func rand32() uint32 { return uint32(fastrand() >> 32) }

// randn gives a number below n, with a bias too small to matter (multiply and shift).
func randn(n uint32) uint32 {
	return uint32(uint64(rand32()) * uint64(n) >> 32)
}

func cheaprand() uint32          { return rand32() }
func cheaprandn(n uint32) uint32 { return randn(n) }
func fastrandn(n uint32) uint32  { return randn(n) }
func cheaprand64() int64         { return int64(fastrand()) }
func fastrand64() uint64         { return fastrand() }
func bootstrapRand() uint64      { return fastrand() }

// vgetrandom says that there is none, so that the caller uses the system call.
func vgetrandom(p []byte, flags uint32) (int, bool) { return -1, false }

// rawSyscall6 makes a system call without telling the scheduler. It allocates nothing,
// optimised or not: its caller may be between entersyscall and exitsyscall.
func rawSyscall6(number, a, b, c, d, e, f uintptr) (r1, r2, errno uintptr) {
	gp := getg()
	words := &gp.rawSyscall
	words[0], words[1], words[2] = number, a, b
	words[3], words[4] = c, d
	words[5], words[6] = e, f
	raw_syscall6(words, (*[3]uintptr)(unsafe.Pointer(words)))
	return words[0], words[1], words[2]
}

// syscall6 is rawSyscall6 without the second result: it must not block.
func syscall6(number, a, b, c, d, e, f uintptr) (r, errno uintptr) {
	r, _, errno = rawSyscall6(number, a, b, c, d, e, f)
	return r, errno
}

// System call numbers of linux/amd64 that the runtime uses itself.
const (
	sysWrite  = 1
	sysFcntl  = 72
	sysKill   = 62
	sysGetpid = 39
)

// write is for packages below os.
func write(fd uintptr, p unsafe.Pointer, n int32) int32 {
	r, errno := syscall6(sysWrite, fd, uintptr(p), uintptr(n), 0, 0, 0)
	if errno != 0 {
		return -int32(errno)
	}
	return int32(r)
}

func fcntl(fd, cmd, arg int32) (value, errno int32) {
	r, e := syscall6(sysFcntl, uintptr(fd), uintptr(cmd), uintptr(arg), 0, 0, 0)
	if e != 0 {
		return -1, int32(e)
	}
	return int32(r), 0
}
