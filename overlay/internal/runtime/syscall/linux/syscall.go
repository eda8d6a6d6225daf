package linux

import _ "unsafe" // for linkname

//go:linkname raw_syscall6 runtime.raw_syscall6
func raw_syscall6(call *[7]uintptr, result *[3]uintptr)

// Syscall6 makes a system call without telling the scheduler.
func Syscall6(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	call := [7]uintptr{num, a1, a2, a3, a4, a5, a6}
	var result [3]uintptr
	raw_syscall6(&call, &result)
	return result[0], result[1], result[2]
}
