package linux

// Syscall6 makes a system call without telling the scheduler. Package runtime defines it.
func Syscall6(num, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr)
