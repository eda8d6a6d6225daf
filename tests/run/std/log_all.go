// log and log/slog: flags, prefixes, handlers, groups, attributes, levels, sources.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing/slogtest"
	"time"
)

type secret string

func (secret) LogValue() slog.Value { return slog.StringValue("REDACTED") }

type group struct{ a, b int }

func (g group) LogValue() slog.Value { return slog.GroupValue(slog.Int("a", g.a), slog.Int("b", g.b)) }

type upper struct{ slog.Handler }

func (u upper) Handle(ctx context.Context, r slog.Record) error {
	r.Message = strings.ToUpper(r.Message)
	r.AddAttrs(slog.Any("ctx", ctx.Value("k")))
	return u.Handler.Handle(ctx, r)
}

func main() {
	var buf bytes.Buffer
	l := log.New(&buf, "pre: ", log.Lshortfile|log.Lmsgprefix)
	l.Println("hello", 1)
	func() { l.Output(2, "depth") }()
	l.SetFlags(log.LstdFlags | log.Lmicroseconds | log.LUTC | log.Lshortfile)
	l.Print("dated")
	fmt.Print(regexp.MustCompile(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6}`).ReplaceAllString(buf.String(), "DATE"))
	fmt.Println(l.Prefix(), l.Flags())
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		l.Panicf("panic %d", 5)
	}()
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	log.Print("no newline")
	log.Println("newline")

	drop := func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && len(groups) == 0 {
			return slog.Attr{}
		}
		if a.Key == slog.SourceKey {
			s := a.Value.Any().(*slog.Source)
			return slog.String("src", fmt.Sprint(s.File[strings.LastIndex(s.File, "/")+1:], ":", s.Line, " ", s.Function))
		}
		if a.Key == "up" {
			return slog.String(strings.Join(groups, "/")+"UP", strings.ToUpper(a.Value.String()))
		}
		return a
	}
	var level slog.LevelVar
	opts := &slog.HandlerOptions{Level: &level, AddSource: true, ReplaceAttr: drop}
	for _, h := range []slog.Handler{slog.NewTextHandler(os.Stdout, opts), slog.NewJSONHandler(os.Stdout, opts)} {
		lg := slog.New(h)
		lg.Info("plain", "k", "v", "n", 1, "f", 1.5, "b", true, "d", time.Second, "t", time.Unix(0, 0).UTC(), "nil", nil, "e", errors.New("oops"))
		lg.Warn("quote \"me\" = yes\n", "with space", "a b", "eq", "a=b", "empty", "", "bytes", []byte("xy"), "slice", []int{1, 2}, "map", map[string]int{"z": 1})
		lg.Error("groups", slog.Group("g", "x", 1, slog.Group("h", "up", "deep")), "val", group{1, 2}, "sec", secret("pw"), slog.Group("empty"), slog.Group("", "inline", true))
		w := lg.With("with", 1).WithGroup("G").With("in", 2).WithGroup("H")
		w.Info("nested", "leaf", 3)
		w.Info("no attrs")
		lg.Info("bad key", "lonely")
		lg.Info("bad key", 5, 6)
		lg.Debug("hidden")
		level.Set(slog.LevelDebug - 2)
		lg.Debug("shown")
		lg.Log(context.Background(), slog.LevelDebug-1, "lower")
		lg.LogAttrs(context.Background(), slog.LevelError+3, "attrs", slog.Uint64("u", 1<<63), slog.Any("any", struct {
			A int `json:"a"`
			B *int
		}{1, nil}))
		fmt.Println(lg.Enabled(context.Background(), slog.LevelDebug-3))
		level.Set(slog.LevelInfo)
	}
	u := slog.New(upper{slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: drop})})
	u.InfoContext(context.WithValue(context.Background(), "k", "ctxval"), "shout")
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: drop})))
	slog.Info("default", "a", 1)
	log.Print("through slog")
	fmt.Println(slog.LevelWarn, slog.Level(5), slog.Level(-9), slog.IntValue(3), slog.GroupValue(slog.Int("a", 1)), slog.AnyValue(time.Minute).Kind(), slog.Int("a", 1).Equal(slog.Int64("a", 1)))
	var lv slog.Level
	fmt.Println(lv.UnmarshalText([]byte("error+2")), lv, lv.UnmarshalText([]byte("nope")))
	m := slog.NewMultiHandler(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: drop}), slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelError, ReplaceAttr: drop}))
	slog.New(m).Warn("multi")
	slog.New(m).Error("multi")
	slog.New(slog.DiscardHandler).Error("gone")
	var jb bytes.Buffer
	err := slogtest.TestHandler(slog.NewJSONHandler(&jb, nil), func() []map[string]any { return nil })
	fmt.Println(err != nil)
	log.SetOutput(os.Stderr)
	log.Fatalf("fatal: %s", "bye")
}
