package syscall

import (
	"internal/runtime/syscall/linux"
	"unsafe"
)

// What gc has in assembly.

func rawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr) {
	r1, r2, _ = linux.Syscall6(trap, a1, a2, a3, 0, 0, 0)
	return r1, r2
}

// rawVforkSyscall returns twice on one stack, so it is a stub that leaves no frame there.
//
//go:linkname rawVforkSyscall runtime.raw_vfork
func rawVforkSyscall(trap, a1, a2, a3 uintptr) (r1 uintptr, err Errno)

func gettimeofday(tv *Timeval) Errno {
	_, _, errno := linux.Syscall6(SYS_GETTIMEOFDAY, uintptr(unsafe.Pointer(tv)), 0, 0, 0, 0, 0)
	return Errno(errno)
}
