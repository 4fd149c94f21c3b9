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
