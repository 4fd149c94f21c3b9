using System.Buffers.Binary;
using KerasCompat.Hdf5;

namespace KerasCompat.Fuzz;

/// <summary>Changes HDF5 files and mends their checksums, which would stop a reader before it comes to what was changed.</summary>
/// <remarks>Where the checksummed structures of a file lie is found by trying: from each signature on, the length after which the bytes are the hash of those before.</remarks>
internal static class Hdf5Mutation
{
    private const int LongestStructure = 1 << 14;

    private static readonly byte[][] Signatures =
        [.. new[] { "OHDR", "OCHK", "BTHD", "BTIN", "BTLF", "FRHP", "FHIB", "FSHD", "FSSE", "SMTB", "SMLI", "FAHD", "FADB", "EAHD", "EAIB", "EASB", "EADB", "\u0089HDF" }
            .Select(s => s.Select(c => (byte)c).ToArray())];

    public static byte[] Of(byte[] original, Random random, IReadOnlyList<Checked> structures)
    {
        byte[] bytes = Mutation.Of(original, random);
        if (bytes.Length == original.Length && random.Next(8) != 0)
        {
            Mend(bytes, structures);
        }

        return bytes;
    }

    /// <summary>Writes the checksums anew.</summary>
    public static void Mend(byte[] bytes, IReadOnlyList<Checked> structures)
    {
        foreach ((int start, int length) in structures)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(start + length), Lookup3.Hash(bytes.AsSpan(start, length)));
        }
    }

    /// <summary>The structures of a file that a checksum follows, in the order of the file.</summary>
    public static IReadOnlyList<Checked> Structures(byte[] bytes)
    {
        var found = new List<Checked>();
        foreach (byte[] signature in Signatures)
        {
            for (int at = bytes.AsSpan().IndexOf(signature); at >= 0;)
            {
                int most = Math.Min(LongestStructure, bytes.Length - at - Lookup3.Size);
                for (int length = signature.Length + 1; length <= most; length++)
                {
                    if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + length)) == Lookup3.Hash(bytes.AsSpan(at, length)))
                    {
                        found.Add(new Checked(at, length));
                        break;
                    }
                }

                int next = bytes.AsSpan(at + 1).IndexOf(signature);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return [.. found.OrderBy(c => c.Start)];
    }

    /// <summary>Bytes that a checksum follows.</summary>
    internal readonly record struct Checked(int Start, int Length);
}
