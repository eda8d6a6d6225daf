//! The list of runtime calls: Rust (or assembly) functions that Go code calls.
//!
//! In `overlay/runtime` each is a body-less function of the same name. Parameters and
//! results are integer words: a `string` is two, a float travels as its bits. The symbol of
//! the stub that Go code calls is `runtime.NAME`; the Rust function behind it is
//! `extern "C" fn goxide_NAME`.

/// How a runtime call runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RuntimeCallKind {
    /// On the M's system stack; returns on the same M, cannot block the goroutine.
    Sys,
    /// On the M's system stack; may park the goroutine, which resumes with
    /// `g.park_results` as results, perhaps on another M.
    Park,
    /// On the M's system stack; does not return to the caller.
    NoReturn,
    /// Assembly that runs on the goroutine's stack within the margin.
    Leaf,
}

/// One runtime call.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeCall {
    /// Name without the package: `mallocgc`.
    pub name: &'static str,
    /// Parameter words, at most 6.
    pub params: u8,
    /// Result words, at most 2.
    pub results: u8,
    /// How it runs.
    pub kind: RuntimeCallKind,
}

/// Calls `$m!` with the whole list: `name(params) -> results: Kind, "what it does";`.
#[macro_export]
macro_rules! runtime_calls {
    ($m:ident) => {
        $m! {
            // memory
            mallocgc(3) -> 1: Leaf, "(size, *abi.Type or 0, zeroed) an object; type 0: no pointers";
            mallocgc_slow(3) -> 1: Sys, "the same without its fast path";
            memmove(3) -> 0: Leaf, "(dst, src, bytes) overlapping allowed";
            memclr(2) -> 0: Leaf, "(ptr, bytes) zeroes";
            memequal(3) -> 1: Leaf, "(a, b, bytes) 1 if equal";
            index_byte(3) -> 1: Leaf, "(ptr, byte, bytes) address of the first such byte, or 0";
            mem_compare(3) -> 1: Leaf, "(a, b, bytes) an i32 below, at or above 0";
            memmove_pointers(3) -> 0: Leaf, "(dst, src, bytes) memmove of whole words, some of them pointers: with a write barrier while the collector marks";
            memmove_pointers_slow(3) -> 0: Sys, "the same while it marks";
            gc_begin(0) -> 1: Sys, "a collection is wanted: what to pass to gc_step until it gives 1";
            gc_step(1) -> 1: Park, "(from gc_begin) helps along; 1 once a whole collection has been done since";
            count_byte(3) -> 1: Leaf, "(ptr, byte, bytes) how many bytes are this one";
            aes_hash(4) -> 1: Leaf, "(ptr, seed, bytes, *[4][16]byte keys) a hash by AES rounds; the processor must have AES";
            words_add(4) -> 1: Leaf, "(z, x, y, words) z = x + y, gives the carry";
            words_sub(4) -> 1: Leaf, "(z, x, y, words) z = x - y, gives the borrow";
            words_mul(5) -> 1: Leaf, "(z, x, words, m, a) z = x * m + a, gives the highest word";
            words_add_mul(6) -> 1: Leaf, "(z, x, y, words, m, a) z = x + y * m + a, gives the highest word";
            exp_series(2) -> 1: Leaf, "(x, n as bits) bits of e to the x - n ln 2; the processor must have FMA";
            gc_find_leaks(0) -> 0: Sys, "a collection that looks for goroutines that nothing can wake";
            gc_leak_count(0) -> 1: Sys, "how many it found last";
            gc_set_percent(1) -> 1: Sys, "new GOGC, gives the old";
            gc_set_limit(1) -> 1: Sys, "new GOMEMLIMIT, gives the old";
            gc_free_os(0) -> 0: Park, "debug.FreeOSMemory";
            read_mem_stats(1) -> 0: Park, "(*abi::MemStatsWords)";
            read_metrics(1) -> 0: Sys, "(*abi::MetricWords)";
            set_finalizer(4) -> 1: Sys, "(object, closure func(unsafe.Pointer) or 0 to clear, 0, 0) 0 ok, 1 not an object, 2 not its start, 3 has one already";
            add_cleanup(3) -> 1: Sys, "(object, closure func(), 0) id";
            stop_cleanup(2) -> 0: Sys, "(object, id)";
            find_object(2) -> 1: Sys, "(ptr, *[2]uintptr: size, noscan) base address of the object or 0";
            weak_register(1) -> 1: Sys, "(object) weak handle";
            weak_strong(1) -> 1: Sys, "(handle) object or 0";
            next_finalizer(1) -> 1: Park, "(*[4]uintptr) blocks until a finalizer or cleanup is due";
            round_up_size(2) -> 1: Sys, "(bytes, noscan) usable size of an allocation of this many bytes";

            // goroutines
            newproc(2) -> 0: Sys, "(closure, site) a new goroutine";
            gosched(0) -> 0: Park, "runtime.Gosched";
            goexit0(0) -> 0: NoReturn, "the goroutine has ended";
            gopark_forever(1) -> 0: Park, "(wait reason) blocks for ever: nil channel, empty select";
            park(1) -> 0: Park, "(wait reason) blocks until `ready` of this goroutine; returns at once if that came before";
            ready(1) -> 0: Sys, "(g) lets a goroutine go on that is in `park`, or will be";
            num_goroutine(0) -> 1: Sys, "";
            gomaxprocs(1) -> 1: Park, "(n or 0) old value";
            gomaxprocs_default(1) -> 0: Park, "(1: the control group counts, 2: changes are followed, added up) what it is by default";
            num_cpu(0) -> 1: Sys, "those that the process could use when it started";
            set_max_threads(1) -> 1: Sys, "most threads there may be, gives the old";
            lock_os_thread(0) -> 0: Sys, "";
            unlock_os_thread(0) -> 0: Sys, "";
            proc_pin(0) -> 1: Leaf, "no preemption from here; P id";
            proc_unpin(0) -> 0: Leaf, "";
            entersyscall(0) -> 0: Sys, "";
            exitsyscall(0) -> 0: Park, "";
            time_sleep(1) -> 0: Park, "(ns)";

            // channels and select
            makechan(2) -> 1: Sys, "(*abi.ChanType, capacity)";
            chansend(4) -> 1: Park, "(chan, *elem, block, site) 1 if sent; panics by status 2: closed";
            chanrecv(4) -> 1: Park, "(chan, *elem or 0, block, site) bit 0 selected, bit 1 received";
            closechan(1) -> 1: Sys, "0 ok, 1 nil channel, 2 closed already";
            selectgo(5) -> 2: Park, "(*abi::SelectCase, sends, receives, block, site) case index or -1, received; status 2 in the second: send on closed";

            // semaphores and condition lists
            semacquire(3) -> 0: Park, "(*uint32, flags: 1 lifo, 2 durable for abi::Bubble, wait reason: abi::WaitReason)";
            semrelease(2) -> 0: Park, "(*uint32, handoff)";
            notify_wait(2) -> 0: Park, "(*notifyList, ticket)";
            notify_all(1) -> 0: Sys, "(*notifyList)";
            notify_one(1) -> 0: Sys, "(*notifyList)";

            // time
            nanotime(0) -> 1: Sys, "monotonic ns";
            clocks(1) -> 2: Sys, "(*int64: monotonic time in ns) seconds since 1970, and ns";
            timer_start(1) -> 0: Sys, "(*runtime.timer) one without a channel";
            timer_stop(1) -> 1: Sys, "(*runtime.timer) 1 if it was active";
            timer_reset(3) -> 1: Sys, "(*runtime.timer, when, period) 1 if it was active";

            // network poller
            poll_init(0) -> 0: Sys, "";
            poll_open(1) -> 2: Sys, "(fd) handle, errno";
            poll_close(1) -> 0: Sys, "";
            poll_reset(2) -> 1: Sys, "(handle, mode) code";
            poll_wait(2) -> 1: Park, "(handle, mode) code";
            poll_set_deadline(3) -> 0: Sys, "(handle, relative ns, mode)";
            poll_unblock(1) -> 0: Sys, "";
            poll_is_descriptor(1) -> 1: Sys, "(fd)";

            // panics and unwinding
            defer_grow(1) -> 1: Sys, "(bytes) a record of this size on a new chunk of the stack of deferred calls";
            defer_shrink(1) -> 0: Sys, "(address) the stack of deferred calls is what it was when its top was there";
            resume_frame(1) -> 0: NoReturn, "(*DeferFrame) recover: continue at its handler";
            set_max_stack(1) -> 1: Sys, "limit on one goroutine's stack in bytes, gives the old";
            set_traceback(2) -> 0: Sys, "(string) GOTRACEBACK level from now on";
            goroutine_profile(3) -> 1: Park, "(*abi::GoroutineRecord, max, leaked) one for each goroutine, or for each that leaks; gives how many there are";
            set_traceback_labels(1) -> 0: Sys, "(show) whether dumps show goroutines' labels";
            fatal_at_fault(0) -> 0: Sys, "what is about to be reported is a fault of the runtime: dumps show all that they can";
            fatal_throw(2) -> 0: NoReturn, "(string) fatal error with goroutine dump, status 2";
            fatal_begin(0) -> 0: Sys, "what this goroutine writes with write_err until fatal_panic is the message of an unrecovered panic";
            fatal_panic(1) -> 0: NoReturn, "(*Bubble or 0) dump after an unrecovered panic was printed, with the goroutines of a bubble; status 2";
            all_dead(0) -> 0: NoReturn, "Goexit of main with no other goroutine left: deadlock";
            callers(4) -> 1: Sys, "(skip, *uintptr, max, frame pointer or 0) pcs written: return addresses, beginning with the one stored in the frame of that pointer (which goes back into its caller); of a frame that faulted, pc + 1; logical frames are the caller's matter";
            func_info(2) -> 1: Sys, "(pc, *abi::FrameWords) fills name, file, line, entry; 1 if known";
            stack_dump(3) -> 1: Park, "(*byte, bytes, all) bytes written by runtime.Stack";
            image_symbol(2) -> 1: Sys, "(pc, *abi::FrameWords) func_info for the runtime's own code; 1 if known";

            // profiles
            cpu_profile_rate(1) -> 0: Sys, "(samples per second of CPU time, 0: no more)";
            cpu_profile_next(1) -> 1: Sys, "(*abi::CpuSample) takes the oldest sample; 0 if there is none";
            profile_setting(2) -> 1: Sys, "(abi::ProfileSetting, new value) the old value";
            profile_record(3) -> 1: Sys, "(abi::ProfileKind, index, *abi::ProfileRecord or 0) fills in the record, if it exists; how many there are";

            // execution traces
            trace_start(0) -> 1: Park, "1 if there is a trace already";
            trace_advance(1) -> 1: Park, "(stop) ends the generation or the trace; its number, 0 if there is no trace";
            trace_next(1) -> 1: Sys, "(*[3]uintptr: address, bytes, generation that was read to its end) 1 a piece of the trace, 2 its end, 3 trace_advance is due, 0 park";
            trace_task_begin(4) -> 0: Sys, "(task, parent, string)";
            trace_task_end(1) -> 0: Sys, "(task)";
            trace_region(4) -> 0: Sys, "(task, 0 begin 1 end, string)";
            trace_log(5) -> 0: Sys, "(task, category, message)";

            // process
            os_exit(1) -> 0: NoReturn, "(status)";
            write_err(2) -> 0: Sys, "(ptr, bytes) to standard error: print, println, panics";
            set_crash_output(1) -> 1: Sys, "descriptor that reports of what ends the process are written to as well, or all ones; gives the old";
            raw_syscall_all(2) -> 1: Park, "(as raw_syscall6) the same on every thread; 0 if they disagree";
            raw_syscall6(2) -> 0: Leaf, "(*[7]uintptr number and arguments, *[3]uintptr r1, r2, errno)";
            raw_vfork(4) -> 2: Leaf, "(number, a1, a2, a3) r1, errno. clone: returns twice on one stack, so it keeps its return address in a register, and in the parent puts g's stack limit and segment back to what they were at the call";
            args(1) -> 2: Sys, "(which: 0 argv, 1 environment, 2 auxv) pointer to C strings, count";
            fastrand(0) -> 1: Sys, "random word";
            setenv_changed(4) -> 0: Sys, "(name, value) os.Setenv of a runtime setting";
            signal_enable(1) -> 0: Sys, "";
            signal_disable(1) -> 0: Sys, "";
            signal_ignore(1) -> 0: Sys, "";
            signal_ignored(1) -> 1: Sys, "";
            signal_recv(0) -> 1: Park, "next signal for os/signal";
            signals_are_through(0) -> 1: Sys, "none is on its way to os/signal";
            cpuid(3) -> 0: Leaf, "(leaf, subleaf, *[4]uint32)";
            xgetbv(1) -> 0: Leaf, "(*[2]uint32)";
            sha256_blocks(3) -> 0: Sys, "(*[8]uint32 state, ptr, blocks of 64 bytes)";
            sha512_blocks(3) -> 0: Sys, "(*[8]uint64 state, ptr, blocks of 128 bytes)";
            aes_encrypt(4) -> 0: Sys, "(*[60]uint32 schedule, rounds, to, from) one block; the processor must have AES";
            aes_decrypt(4) -> 0: Sys, "the same backwards, with a schedule for it";
            aes_counter(6) -> 0: Sys, "(schedule, rounds, to, from, blocks and bit 63: the last 32 bits count, *[16]byte counter)";
            aes_cbc_encrypt(6) -> 0: Sys, "(schedule, rounds, to, from, blocks, *[16]byte chain)";
            aes_cbc_decrypt(6) -> 0: Sys, "the same backwards";
            sha1_blocks(3) -> 0: Sys, "(*[5]uint32 state, ptr, blocks of 64 bytes); the processor must have SHA";
            ghash(4) -> 0: Sys, "(*[16]byte state, *[16]byte key, ptr, blocks); the processor must have PCLMULQDQ";
            crc32_ieee(3) -> 1: Sys, "(crc, ptr, bytes) the new crc";
            crc32_castagnoli(3) -> 1: Sys, "(crc, ptr, bytes) the new crc";
            module_header(0) -> 1: Sys, "address of abi::ModuleHeader";
            makefunc_stub(0) -> 0: Leaf, "never called by name: code of closures {this, entry of a Go function, …} made by reflect. Spills the parameter registers to an abi::CallRegisters on its stack, calls the Go function with (closure, *CallRegisters), loads the result registers from it";
            reflect_call(4) -> 0: Leaf, "(code, closure, *abi::CallRegisters in/out, 0) calls with these registers";
        }
    };
}

macro_rules! table {
    ($($name:ident($params:literal) -> $results:literal: $kind:ident, $doc:literal;)*) => {
        /// All runtime calls, in the order of the list.
        pub const RUNTIME_CALLS: &[RuntimeCall] = &[$(RuntimeCall {
            name: stringify!($name),
            params: $params,
            results: $results,
            kind: RuntimeCallKind::$kind,
        }),*];
    };
}
runtime_calls!(table);

/// Position in [`RUNTIME_CALLS`] of the call with this name (without `runtime.`).
pub fn runtime_call_index(name: &str) -> Option<usize> {
    RUNTIME_CALLS.iter().position(|c| c.name == name)
}

/// What a runtime call does with a pointer that it gets, as escape analysis asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PointerUse {
    /// Forgets it when it returns, and what it points to holds no pointers of concern.
    Lent,
    /// Forgets it, but passes on pointers from behind it, or writes pointers there.
    ContentKept,
    /// May keep it.
    Kept,
}

impl RuntimeCall {
    /// The use of all its pointer parameters.
    pub fn pointer_use(&self) -> PointerUse {
        match self.name {
            "memclr" | "memequal" | "index_byte" | "mem_compare" | "count_byte" | "aes_hash"
            | "sha256_blocks" | "sha512_blocks" | "crc32_ieee" | "crc32_castagnoli"
            | "aes_encrypt" | "aes_decrypt" | "aes_counter" | "aes_cbc_encrypt"
            | "aes_cbc_decrypt" | "sha1_blocks" | "words_add" | "words_sub" | "words_mul"
            | "words_add_mul" | "ghash" | "read_mem_stats" | "find_object" | "read_metrics"
            | "semacquire" | "semrelease" | "notify_wait" | "notify_all" | "notify_one"
            | "clocks" | "callers" | "stack_dump" | "write_err" | "raw_syscall6"
            | "raw_syscall_all" | "cpuid" | "trace_next" | "trace_task_begin" | "trace_region"
            | "trace_log" | "xgetbv" | "fatal_throw" | "set_traceback" | "closechan"
            | "profile_record" => PointerUse::Lent,
            "memmove"
            | "memmove_pointers"
            | "memmove_pointers_slow"
            | "chansend"
            | "chanrecv"
            | "selectgo"
            | "func_info"
            | "image_symbol"
            | "cpu_profile_next"
            | "goroutine_profile"
            | "next_finalizer"
            | "reflect_call" => PointerUse::ContentKept,
            _ => PointerUse::Kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_fit_the_registers_and_have_distinct_names() {
        for (i, c) in RUNTIME_CALLS.iter().enumerate() {
            assert!(c.params <= 6 && c.results <= 2, "{}", c.name);
            assert_eq!(runtime_call_index(c.name), Some(i));
        }
    }
}
