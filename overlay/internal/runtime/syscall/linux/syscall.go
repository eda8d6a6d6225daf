package linux

import _ "unsafe" // for linkname

// Syscall6 makes a system call without telling the scheduler.
//
//go:linkname Syscall6 runtime.rawSyscall6
func Syscall6(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr)
