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

// syscall6 makes a system call without telling the scheduler: it must not block.
func syscall6(number, a, b, c, d, e, f uintptr) (r, errno uintptr) {
	r, _, errno = linux_Syscall6(number, a, b, c, d, e, f)
	return r, errno
}

// linux_Syscall6 makes a system call. It must not allocate, since syscall.Syscall calls it
// when the goroutine has given up its P, so the words travel through g.
//
//go:linkname linux_Syscall6 internal/runtime/syscall/linux.Syscall6
func linux_Syscall6(number, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	gp := getg()
	gp.syscall[0] = number
	gp.syscall[1] = a1
	gp.syscall[2] = a2
	gp.syscall[3] = a3
	gp.syscall[4] = a4
	gp.syscall[5] = a5
	gp.syscall[6] = a6
	raw_syscall6(&gp.syscall, &gp.syscallResult)
	return gp.syscallResult[0], gp.syscallResult[1], gp.syscallResult[2]
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
