// crypto: signatures and key exchange: what one half makes the other accepts, and changes are refused.
package main

import (
	"bytes"
	"crypto"
	"crypto/dsa"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
)

func main() {
	msg := []byte("a message")
	sum := sha256.Sum256(msg)
	bad := sha256.Sum256([]byte("another"))

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	fmt.Println(err, key.Validate(), key.Size(), key.E)
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	fmt.Println(len(sig), err, rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], sig), rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, bad[:], sig))
	sig, err = rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], nil)
	fmt.Println(err, rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, sum[:], sig, nil), rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, bad[:], sig, nil))
	ct, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, &key.PublicKey, msg, []byte("label"))
	fmt.Println(len(ct), err)
	pt, err := rsa.DecryptOAEP(sha256.New(), nil, key, ct, []byte("label"))
	fmt.Println(string(pt), err)
	_, err = rsa.DecryptOAEP(sha256.New(), nil, key, ct, nil)
	fmt.Println(err)
	_, err = rsa.GenerateKey(rand.Reader, 512)
	fmt.Println(err)
	der := x509.MarshalPKCS1PrivateKey(key)
	k2, err := x509.ParsePKCS1PrivateKey(der)
	fmt.Println(err, k2.Equal(key))

	for _, c := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		fmt.Println(c.Params().Name, c.Params().BitSize, err)
		sig, err := ecdsa.SignASN1(rand.Reader, k, sum[:])
		fmt.Println(err, ecdsa.VerifyASN1(&k.PublicKey, sum[:], sig), ecdsa.VerifyASN1(&k.PublicKey, bad[:], sig))
		der, err := x509.MarshalPKCS8PrivateKey(k)
		back, err2 := x509.ParsePKCS8PrivateKey(der)
		fmt.Println(err, err2, k.Equal(back))
	}
	seed, _ := hex.DecodeString("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
	ek := ed25519.NewKeyFromSeed(seed)
	es := ed25519.Sign(ek, msg)
	fmt.Printf("%x\n%x\n%t %t\n", ek.Public(), es, ed25519.Verify(ek.Public().(ed25519.PublicKey), msg, es), ed25519.Verify(ek.Public().(ed25519.PublicKey), sum[:], es))
	for _, c := range []ecdh.Curve{ecdh.X25519(), ecdh.P256(), ecdh.P384(), ecdh.P521()} {
		a, _ := c.GenerateKey(rand.Reader)
		b, _ := c.GenerateKey(rand.Reader)
		s1, e1 := a.ECDH(b.PublicKey())
		s2, e2 := b.ECDH(a.PublicKey())
		fmt.Println(c, bytes.Equal(s1, s2), len(s1), e1, e2)
	}
	pk, err := ecdh.X25519().NewPrivateKey(seed)
	fmt.Printf("%x %v\n", pk.PublicKey().Bytes(), err)
	_, err = ecdh.P256().NewPublicKey([]byte{4, 1, 2})
	fmt.Println(err)
	dk, err := mlkem.NewDecapsulationKey768(append(seed, seed...))
	fmt.Printf("%v %x\n", err, sha256.Sum256(dk.EncapsulationKey().Bytes()))
	shared, c := dk.EncapsulationKey().Encapsulate()
	got, err := dk.Decapsulate(c)
	fmt.Println(bytes.Equal(shared, got), err, len(c))
	// Fixed key, deterministic results.
	p, _ := new(big.Int).SetString("e0dfd2c2a288acebc705efab30e4447541a8c5a47a37185c5a9cb98389ce4de19199aa3069b404fd98c801568cb9170eb712bf10b4955ce9c9dc8ce6855c6123", 16)
	q, _ := new(big.Int).SetString("ebe0fcf21866fd9a9f0d72f7994875a8d92e67aee4b515136b2a778a8048b149828aea30bd0ba34b977982a3d42168f594ca99f3981ddabfab2369f229640115", 16)
	n := new(big.Int).Mul(p, q)
	e := big.NewInt(65537)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, big.NewInt(1)), new(big.Int).Sub(q, big.NewInt(1)))
	d := new(big.Int).ModInverse(e, phi)
	m := new(big.Int).SetBytes(sum[:])
	s := new(big.Int).Exp(m, d, n)
	fmt.Println(s.Text(36), new(big.Int).Exp(s, e, n).Cmp(m))
	pub, err := x509.MarshalPKIXPublicKey(ek.Public())
	fmt.Print(err, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pub})))
	var params dsa.Parameters
	fmt.Println(params.P == nil)
	b := make([]byte, 1000)
	rn, err := rand.Read(b)
	zero := bytes.Count(b, []byte{0})
	fmt.Println(rn, err, zero < 40, len(rand.Text()))
	pr, err := rand.Prime(rand.Reader, 128)
	fmt.Println(pr.BitLen(), err, pr.ProbablyPrime(20))
	i, err := rand.Int(rand.Reader, big.NewInt(10))
	fmt.Println(i.Cmp(big.NewInt(10)) < 0, err)
}
