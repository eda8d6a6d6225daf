// Time zones: daylight saving gaps and overlaps, fixed zones, parsing and formatting of them,
// dates out of range, durations at their limits, monotonic readings.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

func must(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return l
}

func gaps() {
	ny := must("America/New_York")
	for _, t := range []time.Time{
		time.Date(2024, 3, 10, 1, 59, 59, 0, ny),
		time.Date(2024, 3, 10, 2, 30, 0, 0, ny), // does not exist
		time.Date(2024, 3, 10, 3, 0, 0, 0, ny),
		time.Date(2024, 11, 3, 0, 59, 0, 0, ny),
		time.Date(2024, 11, 3, 1, 30, 0, 0, ny), // exists twice
		time.Date(2024, 11, 3, 1, 30, 0, 0, ny).Add(time.Hour),
		time.Date(1883, 11, 18, 12, 0, 0, 0, ny),
		time.Date(2500, 7, 1, 12, 0, 0, 0, ny),
		time.Date(1, 1, 1, 0, 0, 0, 0, ny),
	} {
		name, offset := t.Zone()
		start, end := t.ZoneBounds()
		fmt.Println(t, t.Unix(), name, offset, t.IsDST(), start.UTC(), end.UTC())
	}
	for _, z := range []string{"Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "Europe/Dublin", "Antarctica/Troll", "UTC", "Etc/GMT+5"} {
		l := must(z)
		for _, u := range []int64{0, 1e9, 1711846800, 1719792000, 1325203200, -2e9, 4e9} {
			fmt.Println(z, time.Unix(u, 0).In(l).Format("2006-01-02 15:04:05 -0700 MST Z07:00:00"))
		}
	}
	_, err := time.LoadLocation("No/Such")
	fmt.Println(err)
	_, err = time.LoadLocation("../etc/passwd")
	fmt.Println(err)
}

func parsing() {
	ny := must("America/New_York")
	for _, c := range [][2]string{
		{time.RFC1123, "Mon, 02 Jan 2006 15:04:05 EST"},
		{time.RFC1123, "Mon, 02 Jan 2006 15:04:05 XYZ"},
		{time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 +0545"},
		{time.RFC3339Nano, "2024-02-29T23:59:59.123456789+14:00"},
		{time.RFC3339, "2024-02-30T00:00:00Z"},
		{time.RFC3339, "2023-02-29T00:00:00Z"},
		{time.RFC3339, "2024-01-01T24:00:00Z"},
		{time.RFC3339, "2024-01-01T00:00:00+25:00"},
		{time.RFC3339, "2024-01-01T00:00:00,5Z"},
		{"Jan _2 2006", "Feb  3 2013"},
		{"2006-002", "2024-366"},
		{"2006-002", "2023-366"},
		{"__2 2006", " 60 2024"},
		{"3:04PM MST", "12:00AM GMT+3"},
		{"15:04:05.000", "01:02:03.45"},
		{"15:04:05", "01:02:03.45"},
		{"15:04:05.999", "01:02:03.4567"},
		{"06-1-2", "69-1-2"},
		{"06-1-2", "68-1-2"},
		{"Monday", "Tuesday"},
		{"2006 Jan", "2006 Foo"},
		{"02", "32"},
		{"MST", "WEST"},
		{"-07", "+5"},
		{"Z0700", "Z"},
		{"2006-01-02 extra", "2006-01-02 extra text"},
	} {
		t, err := time.ParseInLocation(c[0], c[1], ny)
		fmt.Println(c, t, err)
	}
}

func limits() {
	fmt.Println(time.Duration(math.MinInt64), time.Duration(math.MaxInt64), time.Duration(math.MinInt64).Abs())
	for _, s := range []string{"1.5h", "-1m0.5s", "1h1m1s1ms1us1ns", "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "1e3s", ".5s", "1", "", "+", "1µs", "1μs", "3000000h", "0", "-.s"} {
		d, err := time.ParseDuration(s)
		fmt.Println(s, d, err)
	}
	for _, d := range []time.Duration{1234567890, -1234567890, time.Hour + time.Nanosecond, 1500 * time.Millisecond, 999 * time.Nanosecond} {
		fmt.Println(d, d.Round(time.Second), d.Truncate(time.Millisecond), d.Round(0), d.Hours(), d.Minutes(), d.Microseconds())
	}
	for _, t := range []time.Time{
		{},
		time.Unix(math.MaxInt64, 0).UTC(),
		time.Unix(math.MinInt64, 0).UTC(),
		time.Date(292277026596, 12, 4, 15, 30, 7, 999999999, time.UTC),
		time.Date(-1, 13, 32, 25, 61, 61, -1, time.UTC),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2024, 2, 29, 0, 0, 0, 0, time.FixedZone("odd", 12345)),
	} {
		text, err := t.MarshalText()
		js, jerr := json.Marshal(t)
		bin, berr := t.MarshalBinary()
		y, w := t.ISOWeek()
		fmt.Println(t, t.UnixNano(), t.Weekday(), t.YearDay(), y, w, string(text), err, string(js), jerr, bin, berr)
		fmt.Println(t.AddDate(0, 1, 31), t.AddDate(-4, 0, 0), t.Add(math.MaxInt64), t.Truncate(time.Hour), t.Round(7*time.Minute))
	}
	a, b := time.Unix(0, 0), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
	fmt.Println(b.Sub(a), a.Sub(b), a.Compare(b), a.Equal(a.In(must("Asia/Tokyo"))), a == a.UTC())
	fmt.Printf("%#v\n%#v\n", time.Date(2020, 5, 6, 7, 8, 9, 10, time.UTC), time.Duration(5))
}

func monotonic() {
	t := time.Now()
	u := t.Add(time.Second)
	fmt.Println(u.Sub(t), t.Round(0) == t, t.Round(0).Equal(t), u.After(t), t.In(time.UTC).Sub(t))
	m := t.Round(0)
	fmt.Println(len(m.String()) < len(t.String()), u.Round(0).Sub(m))
}

func main() {
	gaps()
	parsing()
	limits()
	monotonic()
}
