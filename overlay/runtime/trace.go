//goxide:replace package

package runtime

// Execution traces in Go's format are not supported: starting one is an error, so that the
// rest of runtime/trace does nothing.

// StartTrace fails: there is no tracer that writes Go's format.
func StartTrace() error {
	return plainError("tracing is not supported by this runtime")
}

// StopTrace does nothing: no trace was started.
func StopTrace() {}

// ReadTrace gives nil: there is no trace.
func ReadTrace() []byte { return nil }

func traceAdvance(stop bool) {}

func traceClockNow() uint64 { return uint64(nanotime()) }

//go:linkname trace_traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func trace_traceClockUnitsPerSecond() uint64 { return 1e9 }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parent uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, regionType string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}
