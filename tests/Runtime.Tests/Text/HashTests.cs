using System.Security.Cryptography;
using System.Text;

namespace KerasCompat.Runtime.Tests.Text;

public class HashTests
{
    [Fact]
    public void SipHash_gives_the_number_of_its_paper()
    {
        // Appendix A: key 00 01 … 0f, message 00 01 … 0e.
        byte[] message = [.. Enumerable.Range(0, 15).Select(i => (byte)i)];
        Assert.Equal(0xa129ca6149be45e5UL, SipHash.Hash(0x0706050403020100, 0x0f0e0d0c0b0a0908, message));
    }

    [Theory]
    [InlineData("Hello", 3, 0)]
    [InlineData("TensorFlow", 3, 2)]
    [InlineData("2.x", 3, 2)]
    public void Fingerprint64_gives_the_buckets_of_TensorFlows_documentation(string text, ulong buckets, ulong expected) =>
        Assert.Equal(expected, Fingerprint64.Hash(Encoding.UTF8.GetBytes(text)) % buckets);

    /// <summary>
    /// All lengths up to 300, four messages of each by a generator of numbers: SHA-256 over the hashes that others compute of them, google/farmhash in C++
    /// and the npm package siphash 1.2.0. (The Rust crate farmhash differs from both at 128, 192, 256 bytes, …)
    /// </summary>
    [Fact]
    public void Hashes_of_every_length_are_those_of_other_implementations()
    {
        using var fingerprints = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var keyed = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int n = 0; n <= 300; n++)
        {
            for (int k = 0; k < 4; k++)
            {
                uint state = unchecked(((uint)n * 4 + (uint)k) * 2654435761u);
                uint Next() => state = unchecked((state * 1664525) + 1013904223);
                byte[] message = [.. Enumerable.Range(0, n).Select(_ => (byte)(Next() >> 24))];
                ulong low = Next() | ((ulong)Next() << 32), high = Next() | ((ulong)Next() << 32);
                fingerprints.AppendData(BitConverter.GetBytes(Fingerprint64.Hash(message)));
                keyed.AppendData(BitConverter.GetBytes(SipHash.Hash(low, high, message)));
            }
        }

        Assert.Equal("5b213a25905f2f0e4e1e3e63b1fc4491ac24b37c2312f6b452acc189e274dcd4", Convert.ToHexStringLower(fingerprints.GetHashAndReset()));
        Assert.Equal("a2530f8c13bb225d963820ed1bcde8c2cb3653e3e3962c1691b58ca0da510271", Convert.ToHexStringLower(keyed.GetHashAndReset()));
    }

    [Fact]
    public void Fingerprint64_differs_with_every_length()
    {
        // The algorithm has a branch for each range of lengths; every byte counts in each.
        byte[] text = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 37))];
        ulong[] hashes = [.. Enumerable.Range(0, 200).Select(n => Fingerprint64.Hash(text.AsSpan(0, n)))];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        for (int n = 1; n < 200; n++)
        {
            byte[] changed = [.. text[..n]];
            changed[n / 2] ^= 1;
            Assert.NotEqual(hashes[n], Fingerprint64.Hash(changed));
        }
    }
}
