//goxide:replace package

package runtime

import "unsafe"

// The functions of this file have no bodies: the first group are intrinsics of the
// compiler, the others are the calls listed in crates/abi/src/calls.rs. Their parameters
// are whole machine words.

func getg() *g
func getfp() uintptr
func getclosureptr() unsafe.Pointer
func main_inits()
func runtime_inits()
func main_main()

// Memory.

func mallocgc(size uintptr, typ *_type, zeroed uintptr) unsafe.Pointer
func memmove(dst, src unsafe.Pointer, n uintptr)
func memclr(p unsafe.Pointer, n uintptr)
func memequal(p, q unsafe.Pointer, n uintptr) bool
func index_byte(p unsafe.Pointer, c, n uintptr) unsafe.Pointer
func mem_compare(p, q unsafe.Pointer, n uintptr) int32
func memmove_pointers(dst, src unsafe.Pointer, n uintptr)
func set_max_threads(n int) int
func gc_begin() uintptr
func read_metrics(m *metricWords)
func gc_step(from uintptr) uintptr
func count_byte(p unsafe.Pointer, c, n uintptr) uintptr
func aes_hash(p unsafe.Pointer, seed, n uintptr, keys unsafe.Pointer) uintptr
func gc_find_leaks()
func gc_leak_count() int
func gc_set_percent(percent int) int
func gc_set_limit(bytes int64) int64
func gc_free_os()
func read_mem_stats(m *MemStats)
func set_finalizer(object unsafe.Pointer, run func(unsafe.Pointer), _, _ uintptr) uintptr
func add_cleanup(object unsafe.Pointer, run func(), _ uintptr) uintptr
func stop_cleanup(object uintptr, id uintptr)
func find_object(p uintptr, size_noscan *[2]uintptr) uintptr
func weak_register(object unsafe.Pointer) unsafe.Pointer
func weak_strong(handle unsafe.Pointer) unsafe.Pointer
func next_finalizer(due *dueFinalizer)
func round_up_size(size, noscan uintptr) uintptr

// Goroutines.

func newproc(fn func(), site uintptr)
func gosched()
func goexit0()
func gopark_forever(reason uintptr)
func park(reason uintptr)
func ready(gp *g)
func num_goroutine() int
func gomaxprocs(n int) int
func gomaxprocs_default(policy uintptr)
func num_cpu() int
func lock_os_thread()
func unlock_os_thread()
func proc_pin() int
func proc_unpin()
func entersyscall()
func exitsyscall()
func time_sleep(ns int64)

// Channels.

func makechan(t *chantype, size int) unsafe.Pointer
func chansend(c, elem unsafe.Pointer, block uintptr, site uintptr) uintptr
func chanrecv(c, elem unsafe.Pointer, block uintptr, site uintptr) uintptr
func closechan(c unsafe.Pointer) uintptr
func selectgo(cases *selectCase, sends, recvs int, block uintptr, site uintptr) (int, uintptr)

// Semaphores and condition lists.

func semacquire(addr *uint32, flags, reason uintptr)
func semrelease(addr *uint32, handoff uintptr)
func notify_wait(l *notifyList, ticket uintptr)
func notify_all(l *notifyList)
func notify_one(l *notifyList)

// Time.

func nanotime() int64
func clocks(mono *int64) (sec, nsec int64)
func timer_start(t *timer)
func timer_stop(t *timer) uintptr
func timer_reset(t *timer, when, period int64) uintptr

// Network poller.

func poll_init()
func poll_open(fd uintptr) (handle, errno uintptr)
func poll_close(handle uintptr)
func poll_reset(handle uintptr, mode int) int
func poll_wait(handle uintptr, mode int) int
func poll_set_deadline(handle uintptr, ns int64, mode int)
func poll_unblock(handle uintptr)
func poll_is_descriptor(fd uintptr) uintptr

// Panics and unwinding.

func defer_grow(bytes uintptr) uintptr
func defer_shrink(address uintptr)
func resume_frame(frame *deferFrame)
func set_max_stack(bytes int) int
func set_traceback(level string)
func goroutine_profile(records *goroutineRecord, max int, leaked uintptr) int
func set_traceback_labels(show bool)
func fatal_at_fault()
func fatal_throw(message string)
func fatal_begin()
func fatal_panic(bubble *synctestBubble)
func all_dead()
func callers(skip int, pcs *uintptr, max int, fp uintptr) int
func func_info(pc uintptr, frame *frameWords) uintptr
func stack_dump(buf *byte, n int, all uintptr) int
func image_symbol(pc uintptr, frame *frameWords) uintptr

// Profiles.

func cpu_profile_rate(hz int)
func cpu_profile_next(sample *cpuSample) uintptr
func profile_setting(which, value uintptr) uintptr
func profile_record(kind uintptr, index int, record *profileRecord) int

// Execution traces.

func trace_start() uintptr
func trace_advance(stop uintptr) uint64
func trace_next(piece *tracePiece) uintptr
func trace_task_begin(id, parent uint64, name unsafe.Pointer, n int)
func trace_task_end(id uint64)
func trace_region(task, ends uint64, name unsafe.Pointer, n int)
func trace_log(task uint64, category unsafe.Pointer, n int, message unsafe.Pointer, m int)

// Process.

func os_exit(status int)
func write_err(p unsafe.Pointer, n int)
func set_crash_output(fd uintptr) uintptr
func raw_syscall_all(call *[7]uintptr, result *[3]uintptr) uintptr
func raw_syscall6(call *[7]uintptr, result *[3]uintptr)
func raw_vfork(number, a1, a2, a3 uintptr) (r1, errno uintptr)
func args(which uintptr) (first unsafe.Pointer, count int)
func fastrand() uint64
func setenv_changed(name, value string)
func signal_enable(sig uintptr)
func signal_disable(sig uintptr)
func signal_ignore(sig uintptr)
func signal_ignored(sig uintptr) uintptr
func signal_recv() uintptr
func signals_are_through() uintptr
func cpuid(leaf, subleaf uintptr, out *[4]uint32)
func xgetbv(out *[2]uint32)
func sha256_blocks(state, p unsafe.Pointer, blocks uintptr)
func sha512_blocks(state, p unsafe.Pointer, blocks uintptr)
func aes_encrypt(keys unsafe.Pointer, rounds uintptr, to, from unsafe.Pointer)
func aes_decrypt(keys unsafe.Pointer, rounds uintptr, to, from unsafe.Pointer)
func aes_counter(keys unsafe.Pointer, rounds uintptr, to, from unsafe.Pointer, blocks uintptr, counter unsafe.Pointer)
func aes_cbc_encrypt(keys unsafe.Pointer, rounds uintptr, to, from unsafe.Pointer, blocks uintptr, chain unsafe.Pointer)
func aes_cbc_decrypt(keys unsafe.Pointer, rounds uintptr, to, from unsafe.Pointer, blocks uintptr, chain unsafe.Pointer)
func sha1_blocks(state, p unsafe.Pointer, blocks uintptr)
func words_add(z, x, y unsafe.Pointer, n uintptr) uintptr
func words_sub(z, x, y unsafe.Pointer, n uintptr) uintptr
func words_mul(z, x unsafe.Pointer, n, m, a uintptr) uintptr
func words_add_mul(z, x, y unsafe.Pointer, n, m, a uintptr) uintptr
func exp_series(x, n uint64) uint64
func ghash(state, key, p unsafe.Pointer, blocks uintptr)
func crc32_ieee(crc uintptr, p unsafe.Pointer, n uintptr) uintptr
func crc32_castagnoli(crc uintptr, p unsafe.Pointer, n uintptr) uintptr
func module_header() *moduleHeader
func makefunc_stub()

//go:noescape
func reflect_call(code uintptr, closure unsafe.Pointer, regs *callRegisters, _ uintptr)
