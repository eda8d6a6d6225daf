// image/*: drawing, colour models, PNG, JPEG, GIF, palettes; sums of the bytes.
package main

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
)

func sum(m image.Image) uint32 {
	h := crc32.NewIEEE()
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bb, a := m.At(x, y).RGBA()
			h.Write([]byte{byte(r), byte(r >> 8), byte(g), byte(g >> 8), byte(bb), byte(bb >> 8), byte(a), byte(a >> 8)})
		}
	}
	return h.Sum32()
}

func main() {
	r := image.Rect(0, 0, 61, 47)
	src := image.NewNRGBA(r)
	for y := range 47 {
		for x := range 61 {
			d := math.Hypot(float64(x-30), float64(y-23))
			src.SetNRGBA(x, y, color.NRGBA{uint8(x * 4), uint8(y * 5), uint8(d * 6), uint8(255 - d*3)})
		}
	}
	fmt.Println(r, r.Dx(), r.Inset(5), r.Union(image.Rect(-3, 2, 5, 90)), r.Intersect(image.Rect(50, 40, 90, 90)), r.Overlaps(image.Rect(61, 0, 70, 9)), image.Pt(3, 4).In(r), image.Pt(-5, 7).Mod(r), r.Canon())
	imgs := []draw.Image{image.NewRGBA(r), image.NewRGBA64(r), image.NewNRGBA64(r), image.NewGray(r), image.NewGray16(r), image.NewAlpha(r), image.NewAlpha16(r), image.NewCMYK(r), image.NewPaletted(r, palette.Plan9), image.NewPaletted(r, palette.WebSafe)}
	for _, m := range imgs {
		draw.Draw(m, r, src, image.Point{}, draw.Src)
		fmt.Printf("%T %08x ", m, sum(m))
		draw.Draw(m, image.Rect(10, 10, 40, 40), image.NewUniform(color.RGBA{200, 100, 50, 128}), image.Point{}, draw.Over)
		fmt.Printf("%08x ", sum(m))
		draw.DrawMask(m, r, src, image.Pt(3, 3), image.NewUniform(color.Alpha{99}), image.Point{}, draw.Over)
		fmt.Printf("%08x ", sum(m))
		draw.FloydSteinberg.Draw(m, image.Rect(20, 0, 60, 20), src, image.Pt(1, 2))
		fmt.Printf("%08x\n", sum(m))
		var b bytes.Buffer
		err := png.Encode(&b, m)
		n, c := b.Len(), crc32.ChecksumIEEE(b.Bytes())
		back, kind, err2 := image.Decode(&b)
		fmt.Println(n, c, err, kind, err2, sum(back) == sum(m))
	}
	var b bytes.Buffer
	(&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, src)
	pngBytes := bytes.Clone(b.Bytes())
	cfg, kind, err := image.DecodeConfig(&b)
	fmt.Println(len(pngBytes), cfg.Width, cfg.Height, kind, err)
	for _, q := range []int{1, 50, 95} {
		b.Reset()
		err := jpeg.Encode(&b, imgs[0], &jpeg.Options{Quality: q})
		n, c := b.Len(), crc32.ChecksumIEEE(b.Bytes())
		m, err2 := jpeg.Decode(&b)
		fmt.Printf("%d %08x %v %v %T %08x\n", n, c, err, err2, m, sum(m))
	}
	b.Reset()
	jpeg.Encode(&b, imgs[3], nil)
	m, _ := jpeg.Decode(&b)
	fmt.Printf("%T %08x\n", m, sum(m))
	b.Reset()
	fmt.Println(gif.Encode(&b, src, &gif.Options{NumColors: 16}), b.Len(), crc32.ChecksumIEEE(b.Bytes()))
	gm, err := gif.Decode(&b)
	fmt.Println(gm.Bounds(), err, sum(gm))
	anim := gif.GIF{LoopCount: 3}
	for i := range 3 {
		p := image.NewPaletted(image.Rect(0, 0, 20, 20), palette.Plan9[:8])
		p.SetColorIndex(i, i, uint8(i+1))
		anim.Image = append(anim.Image, p)
		anim.Delay = append(anim.Delay, i*10)
	}
	b.Reset()
	fmt.Println(gif.EncodeAll(&b, &anim), b.Len())
	ga, err := gif.DecodeAll(&b)
	fmt.Println(len(ga.Image), ga.Delay, ga.LoopCount, err)
	for _, cut := range []int{0, 5, 20, 40, 100, len(pngBytes) - 5} {
		_, err := png.Decode(bytes.NewReader(pngBytes[:cut]))
		fmt.Println(cut, err)
	}
	bad := bytes.Clone(pngBytes)
	bad[len(bad)/2] ^= 1
	_, err = png.Decode(bytes.NewReader(bad))
	fmt.Println(err)
	_, _, err = image.Decode(bytes.NewReader([]byte("not an image")))
	fmt.Println(err)
	y, cb, cr := color.RGBToYCbCr(10, 200, 30)
	fmt.Println(y, cb, cr)
	fmt.Println(color.YCbCrToRGB(y, cb, cr))
	fmt.Println(color.RGBToCMYK(1, 2, 250))
	fmt.Println(color.Palette(palette.Plan9).Index(color.RGBA{1, 130, 77, 255}), color.GrayModel.Convert(color.RGBA{9, 99, 199, 255}), color.NRGBAModel.Convert(color.RGBA{10, 20, 30, 40}))
	sub := src.SubImage(image.Rect(5, 5, 15, 9)).(*image.NRGBA)
	fmt.Println(sub.Bounds(), sub.Opaque(), sum(sub), sub.PixOffset(5, 5), sub.At(0, 0))
	func() {
		defer func() { fmt.Println(recover()) }()
		image.NewRGBA(image.Rect(0, 0, 1<<40, 1<<40))
	}()
}
