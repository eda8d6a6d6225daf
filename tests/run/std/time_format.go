// time: formatting, parsing, zones, arithmetic, durations, marshalling.
package main

import (
	"encoding/json"
	"fmt"
	"time"
	_ "time/tzdata"
)

func main() {
	ny, err := time.LoadLocation("America/New_York")
	fmt.Println(ny, err)
	tokyo, _ := time.LoadLocation("Asia/Tokyo")
	_, err = time.LoadLocation("Mars/Olympus")
	fmt.Println(err)
	_, err = time.LoadLocation("../etc/passwd")
	fmt.Println(err)
	fixed := time.FixedZone("XYZ", -(3*3600 + 30*60))
	layouts := []string{time.Layout, time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z, time.RFC3339, time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMilli, time.StampMicro, time.StampNano, time.DateTime, time.DateOnly, time.TimeOnly, "Jan _2 06 002 __2 .000 .999 ,000 PM pm MST -0700 -07 Z07:00 Z0700 -07:00:00 Monday January", "2006-1-2T3:4:5.000000"}
	times := []time.Time{{}, time.Unix(0, 0).UTC(), time.Date(2024, 2, 29, 23, 59, 59, 123456789, time.UTC), time.Date(2023, 7, 4, 0, 5, 6, 7000, ny), time.Date(1999, 12, 31, 12, 0, 0, 0, tokyo), time.Date(-44, 3, 15, 1, 2, 3, 0, fixed), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(1<<40, 5).UTC()}
	for _, t := range times {
		for _, l := range layouts {
			s := t.Format(l)
			p, err := time.Parse(l, s)
			fmt.Println(s, "|", p.UTC(), err)
		}
		y, w := t.ISOWeek()
		fmt.Println(t, t.Unix(), t.UnixMilli(), t.YearDay(), y, w, t.Weekday(), t.IsZero(), t.IsDST(), t.GoString())
		b, err := t.MarshalBinary()
		var u time.Time
		fmt.Println(b, err, u.UnmarshalBinary(b), u.Equal(t))
		j, err := json.Marshal(t)
		fmt.Println(string(j), err)
		fmt.Println(t.AddDate(0, 1, 31), t.AddDate(-1, -13, -400), t.Truncate(time.Hour), t.Round(7*time.Minute), t.In(tokyo), t.Add(-90*time.Minute))
	}
	for _, bad := range [][2]string{{time.RFC3339, "2024-13-01T00:00:00Z"}, {time.RFC3339, "2024-02-30T00:00:00Z"}, {time.RFC3339, "2024-02-03T25:00:00Z"}, {time.DateOnly, "24-1-1"}, {time.DateOnly, "2024-01-01x"}, {time.Kitchen, "13:00PM"}, {"Jan 2", "Foo 3"}, {time.RFC1123, "Mon, 02 Jan 2006"}, {"Monday", "monday"}, {"2006 002", "2023 366"}, {time.RFC3339, "2024-01-01T00:00:00+25:00"}, {".000", ".12"}} {
		_, err := time.Parse(bad[0], bad[1])
		fmt.Printf("%v %T\n", err, err)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04 MST", "2024-03-10 02:30 EST", ny)
	fmt.Println(t, err)
	// The hours around changes of daylight saving time.
	for h := range 5 {
		a := time.Date(2024, 3, 10, h, 30, 0, 0, ny)
		b := time.Date(2024, 11, 3, h, 30, 0, 0, ny)
		name, off := b.Zone()
		fmt.Println(a, a.UTC(), b, b.UTC(), name, off)
	}
	s, e := time.Date(2024, 8, 1, 0, 0, 0, 0, ny).ZoneBounds()
	fmt.Println(s, e)
	for _, d := range []time.Duration{0, 1, 999, 1500, 1500000, -time.Second, 90 * time.Minute, 1<<63 - 1, -1 << 63, 26*time.Hour + 3*time.Second + 4*time.Millisecond} {
		p, err := time.ParseDuration(d.String())
		fmt.Println(d, p == d, err, d.Hours(), d.Minutes(), d.Seconds(), d.Milliseconds(), d.Round(time.Second), d.Truncate(time.Minute), d.Abs())
	}
	for _, bad := range []string{"", "1", "1x", "-", ".s", "1.5h3", "9223372036854775808ns", "1h-2m", "+.5s", "1e3s", "3µs2μs1us"} {
		d, err := time.ParseDuration(bad)
		fmt.Println(d, err)
	}
	a, b := times[2], times[3]
	fmt.Println(a.Sub(b), b.Sub(a), a.After(b), a.Before(b), a.Compare(b), a.Equal(a.In(ny)), a == a.In(ny), times[0].Sub(times[7]))
	fmt.Println(time.UnixMilli(-1).UTC(), time.UnixMicro(1e15).UTC(), time.Month(13), time.Weekday(8), time.March, time.Saturday)
	var u time.Time
	fmt.Println(u.UnmarshalJSON([]byte(`"bad"`)), u.UnmarshalText([]byte("2024-01-02T03:04:05.5+01:00")), u, u.UnmarshalBinary([]byte{9}))
	fmt.Println(time.Until(time.Now().Add(time.Hour)) > 0, time.Since(time.Now().Add(-time.Second)) >= time.Second, time.Now().Round(0).Sub(time.Now()) <= 0)
}
