//goxide:replace package

package runtime

// GODEBUG=inittrace=1: a line for each package whose initialisation is code. (What could be
// computed at compile time is data, and has none.)

var initTrace struct {
	on      bool
	began   int64 // the present package's initialisation
	stats   MemStats
	mallocs uint64
	bytes   uint64
}

// initTraceStart is called before the first package.
func initTraceStart() {
	value, _ := lastSetting(environment("GODEBUG"), "inittrace")
	if value != "" && value != "0" && value[0] >= '0' && value[0] <= '9' {
		initTrace.on = true
		initTraceNext()
	}
}

// initTraceNext notes the state of things before a package.
func initTraceNext() {
	t := &initTrace
	ReadMemStats(&t.stats)
	t.mallocs, t.bytes = t.stats.Mallocs, t.stats.TotalAlloc
	t.began = nanotime()
}

// initDone is called when a package has been initialised; lowering adds the calls.
func initDone(path string) {
	if initTrace.on {
		initTraceLine(path)
		initTraceNext()
	}
}

func initTraceLine(path string) {
	t := &initTrace
	ended := nanotime()
	ReadMemStats(&t.stats)
	printlock()
	printstring("init " + path +
		" @" + milliseconds(t.began-startTime) + " ms, " +
		milliseconds(ended-t.began) + " ms clock, " +
		decimal(t.stats.TotalAlloc-t.bytes) + " bytes, " +
		decimal(t.stats.Mallocs-t.mallocs) + " allocs\n")
	printunlock()
}

// milliseconds writes a time with two digits, or whole milliseconds from ten on.
func milliseconds(ns int64) string {
	if ns >= 10e6 {
		return decimal(uint64(ns / 1e6))
	}
	thousandths, places := uint64(ns/1e3), 3
	if thousandths == 0 {
		return "0"
	}
	for thousandths >= 100 {
		thousandths /= 10
		places--
	}
	digits := decimal(thousandths)
	for len(digits) <= places {
		digits = "0" + digits
	}
	whole := len(digits) - places
	return digits[:whole] + "." + digits[whole:]
}
