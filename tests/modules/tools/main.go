// Much used packages that are libraries: configuration formats, command lines, logging,
// compression, hashing, text, an embedded store.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/PuerkitoBio/goquery"
	"github.com/cespare/xxhash/v2"
	"github.com/dustin/go-humanize"
	"github.com/fatih/color"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"
	"github.com/mattn/go-runewidth"
	toml2 "github.com/pelletier/go-toml/v2"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/yuin/goldmark"
	"go.etcd.io/bbolt"
	"go.uber.org/zap"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/exp/slices"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"gopkg.in/yaml.v3"
)

type conf struct {
	Name  string
	Ports []int
	M     map[string]float64
}

type fakeT struct{}

func (fakeT) Errorf(f string, a ...any) { fmt.Println("ERR", len(fmt.Sprintf(f, a...)) > 0) }

func main() {
	var c conf
	_, err := toml.Decode("Name='x'\nPorts=[1,2]\n[M]\na=1.5\n", &c)
	fmt.Println(c, err)
	b, _ := toml2.Marshal(c)
	fmt.Println(string(b))
	y, _ := yaml.Marshal(c)
	var c2 conf
	fmt.Println(yaml.Unmarshal(y, &c2), string(y), cmp.Diff(c, c2))
	doc, _ := goquery.NewDocumentFromReader(strings.NewReader("<p class=a>hi<b>there</b></p>"))
	fmt.Println(doc.Find("p.a b").Text())
	fmt.Println(xxhash.Sum64String("hello"), humanize.Bytes(123456789), runewidth.StringWidth("世界"))
	color.NoColor = false
	fmt.Println(color.RedString("red"))
	u := uuid.NewSHA1(uuid.NameSpaceURL, []byte("x"))
	fmt.Println(u)
	enc, _ := zstd.NewWriter(nil)
	dec, _ := zstd.NewReader(nil)
	z := enc.EncodeAll(bytes.Repeat([]byte("goxide "), 1000), nil)
	back, err := dec.DecodeAll(z, nil)
	fmt.Println(len(z), len(back), err)
	zerolog.TimeFieldFormat = ""
	zl := zerolog.New(os.Stdout)
	zl.Info().Str("k", "v").Int("n", 3).Msg("zl")
	l := logrus.New()
	l.Out = os.Stdout
	l.Formatter = &logrus.JSONFormatter{DisableTimestamp: true}
	l.WithField("a", 1).Warn("lr")
	zc := zap.NewExample()
	zc.Info("zap", zap.Strings("s", []string{"a", "b"}))
	cmd := &cobra.Command{Use: "tool", Short: "does", Run: func(*cobra.Command, []string) { fmt.Println("ran") }}
	var n int
	cmd.Flags().IntVarP(&n, "num", "n", 3, "count")
	cmd.SetArgs([]string{"-n", "7"})
	fmt.Println(cmd.Execute(), n)
	cmd.SetOut(os.Stdout)
	cmd.SetArgs([]string{"--help"})
	cmd.Execute()
	fmt.Println(assert.Equal(fakeT{}, 1, 2))
	var buf bytes.Buffer
	goldmark.Convert([]byte("# Hi\n\n* a\n* b `c`\n\n| x |\n"), &buf)
	fmt.Println(buf.String())
	f, _ := os.CreateTemp("", "bolt")
	db, err := bbolt.Open(f.Name(), 0600, nil)
	if err != nil {
		panic(err)
	}
	db.Update(func(tx *bbolt.Tx) error {
		bk, _ := tx.CreateBucket([]byte("b"))
		for i := 0; i < 1000; i++ {
			bk.Put([]byte(fmt.Sprintf("k%04d", i)), []byte("v"))
		}
		return nil
	})
	db.View(func(tx *bbolt.Tx) error {
		fmt.Println(tx.Bucket([]byte("b")).Stats().KeyN)
		return nil
	})
	db.Close()
	os.Remove(f.Name())
	aead, _ := chacha20poly1305.New(make([]byte, 32))
	ct := aead.Seal(nil, make([]byte, 12), []byte("text"), nil)
	fmt.Printf("%x\n", ct)
	s := []int{3, 1, 2}
	slices.Sort(s)
	var g errgroup.Group
	for i := range 3 {
		g.Go(func() error { s[i] *= 2; return nil })
	}
	fmt.Println(g.Wait(), s)
	fmt.Println(cases.Title(language.English).String("hello world"))
	st, _ := structpb.NewStruct(map[string]any{"a": 1, "b": []any{"x", true}})
	pb, err := proto.MarshalOptions{Deterministic: true}.Marshal(st)
	fmt.Printf("%x %v\n", pb, err)
}
