//goxide:replace package

package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// What os, os/signal and syscall link to: signals, and starting of processes.

// System calls and signals used here (linux/amd64).
const (
	sysRtSigaction   = 13
	sysRtSigprocmask = 14
	sysGettid        = 186
	sysTgkill        = 234

	signals    = 64
	sigPipe    = 13
	sigSys     = 31
	sigDefault = 0
	sigIgnore  = 1
	sigSetMask = 2
)

// sigaction is the kernel's struct.
type sigaction struct {
	handler  uintptr
	flags    uint64
	restorer uintptr
	mask     uint64
}

func setSigaction(sig uintptr, action, old *sigaction) {
	syscall6(sysRtSigaction, sig, uintptr(unsafe.Pointer(action)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// wantedSignals has a bit for each signal that os/signal has asked for.
var wantedSignals uint64

//go:linkname signal_signal_enable os/signal.signal_enable
func signal_signal_enable(sig uint32) {
	atomic.Or64(&wantedSignals, 1<<(sig&63))
	signal_enable(uintptr(sig))
}

//go:linkname signal_signal_disable os/signal.signal_disable
func signal_signal_disable(sig uint32) {
	atomic.And64(&wantedSignals, ^(uint64(1) << (sig & 63)))
	signal_disable(uintptr(sig))
}

//go:linkname signal_signal_ignore os/signal.signal_ignore
func signal_signal_ignore(sig uint32) {
	atomic.And64(&wantedSignals, ^(uint64(1) << (sig & 63)))
	signal_ignore(uintptr(sig))
}

//go:linkname signal_signal_ignored os/signal.signal_ignored
func signal_signal_ignored(sig uint32) bool { return signal_ignored(uintptr(sig)) != 0 }

//go:linkname signal_signal_recv os/signal.signal_recv
func signal_signal_recv() uint32 { return uint32(signal_recv()) }

// Lets signals that came before a call of Stop be delivered first.
//
//go:linkname signal_signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signal_signalWaitUntilIdle() {
	for signals_are_through() == 0 {
		gosched()
	}
}

// os_sigpipe is called when a write to a standard stream found no reader: the program dies
// of the signal unless it has said otherwise.
//
//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {
	if signal_ignored(sigPipe) != 0 || atomic.Load64(&wantedSignals)>>sigPipe&1 != 0 {
		return
	}
	var action sigaction
	setSigaction(sigPipe, &action, nil)
	proc_pin()
	pid, _ := syscall6(sysGetpid, 0, 0, 0, 0, 0, 0)
	tid, _ := syscall6(sysGettid, 0, 0, 0, 0, 0, 0)
	syscall6(sysTgkill, pid, tid, sigPipe, 0, 0, 0)
	proc_unpin()
	os_exit(2)
}

// Around a probe for system calls that a sandbox may answer with SIGSYS.

var sigsysAction sigaction

//go:linkname os_ignoreSIGSYS os.ignoreSIGSYS
func os_ignoreSIGSYS() {
	action := sigaction{handler: sigIgnore}
	setSigaction(sigSys, &action, &sigsysAction)
}

//go:linkname os_restoreSIGSYS os.restoreSIGSYS
func os_restoreSIGSYS() { setSigaction(sigSys, &sigsysAction, nil) }

// Fork. Between BeforeFork and the child's exec both processes run on one stack and in one
// memory (CLONE_VM | CLONE_VFORK); syscall.ForkLock lets one thread at a time do that.
// Signals are blocked so that no handler of ours runs in the child, and the goroutine stays
// on its thread.

// Variables of the functions below would be objects on the heap, and the child must not
// allocate.
var (
	forkMask   uint64
	forkAction sigaction
	allSignals = ^uint64(0)
)

func sigprocmask(set, old *uint64) {
	syscall6(sysRtSigprocmask, sigSetMask, uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

//go:linkname syscall_BeforeFork syscall.runtime_BeforeFork
func syscall_BeforeFork() {
	proc_pin()
	sigprocmask(&allSignals, &forkMask)
}

//go:linkname syscall_AfterFork syscall.runtime_AfterFork
func syscall_AfterFork() {
	sigprocmask(&forkMask, nil)
	proc_unpin()
}

// In the child: handlers of ours go, ignored signals stay ignored, and signals come again.
//
//go:linkname syscall_AfterForkInChild syscall.runtime_AfterForkInChild
func syscall_AfterForkInChild() {
	for sig := uintptr(1); sig <= signals; sig++ {
		setSigaction(sig, nil, &forkAction)
		if forkAction.handler > sigIgnore {
			forkAction.handler = sigDefault
			forkAction.flags = 0
			setSigaction(sig, &forkAction, nil)
		}
	}
	sigprocmask(&forkMask, nil)
}

// The kernel ends all other threads at exec by itself.

//go:linkname syscall_BeforeExec syscall.runtime_BeforeExec
func syscall_BeforeExec() {}

//go:linkname syscall_AfterExec syscall.runtime_AfterExec
func syscall_AfterExec() {}

// syscall_doAllThreadsSyscall makes a system call on every thread, as setuid and its like
// need it. If it fails on the first one, the others are not asked.
//
//go:linkname syscall_doAllThreadsSyscall syscall.runtime_doAllThreadsSyscall
func syscall_doAllThreadsSyscall(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr) {
	call, result := [7]uintptr{trap, a1, a2, a3, a4, a5, a6}, [3]uintptr{}
	if raw_syscall_all(&call, &result) == 0 {
		throw("a system call for all threads had different results on some")
	}
	return result[0], result[1], result[2]
}

//go:linkname syscall_cgocaller syscall.cgocaller
func syscall_cgocaller(_ unsafe.Pointer, _ ...uintptr) uintptr {
	throw("syscall.cgocaller: cgo is not supported")
	return 0
}

//go:linkname cgroup_throw internal/runtime/cgroup.throw
func cgroup_throw(s string) { throw(s) }
