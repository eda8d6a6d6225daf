//goxide:replace package

package runtime

import (
	"internal/godebugs"
	"internal/runtime/atomic"
)

// GODEBUG settings. Package internal/godebug does the work; it is told the text here, and
// the runtime looks up the few settings of its own.

// godebugDefault is what the program was built with (go.mod, //go:debug); the linker sets it.
var godebugDefault string

var godebugState struct {
	lock          spinLock
	env           string
	update        func(def, env string)
	newNonDefault func(name string) func()
	metricReaders map[string]func() uint64
}

// godebugSetting counts the uses of a setting of the runtime that is not at its default.
type godebugSetting struct {
	name string
	uses uint64
}

var godebugPanicNil = godebugSetting{name: "panicnil"}

func (s *godebugSetting) count() {
	atomic.Xadd64(&s.uses, 1)
	godebugState.lock.lock()
	newNonDefault := godebugState.newNonDefault
	godebugState.lock.unlock()
	if newNonDefault != nil {
		newNonDefault(s.name)()
	}
}

func godebugStart() {
	env := environment("GODEBUG")
	refuseRemoved(env)
	godebugState.env = env
	if level, ok := atoi(godebugValue("cgocheck")); ok && level > 1 && level == int64(int32(level)) {
		fatal("cgocheck > 1 mode is no longer supported at runtime. Use GOEXPERIMENT=cgocheck2 at build time instead.")
	}
	godebugApply()
}

// refuseRemoved ends the program if a setting that Go no longer has asks for what it no
// longer does.
func refuseRemoved(list string) {
	for len(list) > 0 {
		var name, value string
		name, value, _, list = firstSetting(list)
		for _, removed := range godebugs.Removed {
			if name == removed.Name && removed.Old(value) {
				var digits [20]byte
				release := string(itoa(&digits, uint64(removed.Removed)))
				fatal("removed GODEBUG \"" + name + "\" set to old value \"" + value +
					"\" in environment (https://go.dev/doc/godebug#go-1" + release + ")")
			}
		}
	}
}

// godebugApply tells the Rust half of the settings that may change while the program runs.
func godebugApply() {
	labels := godebugValue("tracebacklabels")
	set_traceback_labels(labels == "" || labels == "1")
}

func panicNilAllowed() bool {
	return godebugValue("panicnil") == "1"
}

// godebugValue is the value of a setting: the environment wins over the default, the last
// of several over the first.
func godebugValue(name string) string {
	godebugState.lock.lock()
	env := godebugState.env
	godebugState.lock.unlock()
	if v, ok := lastSetting(env, name); ok {
		return v
	}
	v, _ := lastSetting(godebugDefault, name)
	return v
}

func lastSetting(list, name string) (value string, ok bool) {
	for len(list) > 0 {
		var n, v string
		var isSetting bool
		n, v, isSetting, list = firstSetting(list)
		if isSetting && n == name {
			value, ok = v, true
		}
	}
	return value, ok
}

// firstSetting takes the first entry off a list; it is none without an equals sign.
func firstSetting(list string) (name, value string, ok bool, rest string) {
	entry := list
	if i := indexByte(list, ','); i >= 0 {
		entry, rest = list[:i], list[i+1:]
	}
	i := indexByte(entry, '=')
	if i < 0 {
		return "", "", false, rest
	}
	return entry[:i], entry[i+1:], true, rest
}

func godebugChanged(env string) {
	godebugState.lock.lock()
	godebugState.env = env
	update := godebugState.update
	godebugState.lock.unlock()
	godebugApply()
	if update != nil {
		update(godebugDefault, env)
	}
}

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(def, env string)) {
	godebugState.lock.lock()
	godebugState.update = update
	env := godebugState.env
	godebugState.lock.unlock()
	update(godebugDefault, env)
}

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	godebugState.lock.lock()
	readers := make(map[string]func() uint64, len(godebugState.metricReaders)+1)
	for k, v := range godebugState.metricReaders {
		readers[k] = v
	}
	readers[name] = read
	godebugState.metricReaders = readers
	godebugState.lock.unlock()
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newNonDefault func(string) func()) {
	godebugState.lock.lock()
	godebugState.newNonDefault = newNonDefault
	godebugState.lock.unlock()
}

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(name, value string) {
	setenv_changed(name, value)
	if name == "GODEBUG" {
		godebugChanged(value)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(name string) { syscall_runtimeSetenv(name, "") }

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	if _, ok := env["GODEBUG"]; ok {
		syscall_runtimeSetenv("GODEBUG", "")
	}
}
