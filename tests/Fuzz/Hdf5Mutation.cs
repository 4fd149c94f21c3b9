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

    /// <summary>A config of fewer letters is left to the changes of bytes.</summary>
    private const int ShortestConfig = 16;

    /// <summary>A changed config that is longer than the old one does not fit into its place: so often another is tried.</summary>
    private const int MostConfigs = 8;

    /// <summary>Changes a file: its bytes, or the JSON of a config that lies in it.</summary>
    /// <param name="original">The file.</param>
    /// <param name="random">Decides.</param>
    /// <param name="structures">What a checksum follows.</param>
    /// <param name="configs">Where configs lie.</param>
    public static byte[] Of(byte[] original, Random random, IReadOnlyList<Checked> structures, IReadOnlyList<Checked> configs)
    {
        byte[] bytes = configs.Count > 0 && random.Next(3) == 0 ? WithConfig(original, random, configs[random.Next(configs.Count)]) : Mutation.Of(original, random);
        if (bytes.Length == original.Length && random.Next(8) != 0)
        {
            Mend(bytes, structures);
        }

        return bytes;
    }

    /// <summary>Changes a config by its tokens; what it gets shorter by is filled with blanks, which JSON allows behind its end.</summary>
    private static byte[] WithConfig(byte[] original, Random random, Checked config)
    {
        for (int i = 0; i < MostConfigs; i++)
        {
            byte[] changed = JsonMutation.Of(original[config.Start..(config.Start + config.Length)], random);
            if (changed.Length <= config.Length)
            {
                byte[] bytes = [.. original];
                bytes.AsSpan(config.Start, config.Length).Fill((byte)' ');
                changed.CopyTo(bytes, config.Start);
                return bytes;
            }
        }

        return Mutation.Of(original, random);
    }

    /// <summary>Where JSON lies in a file: printable letters from a brace to the last one that closes.</summary>
    public static IReadOnlyList<Checked> Configs(byte[] bytes)
    {
        var found = new List<Checked>();
        for (int at = bytes.AsSpan().IndexOf("{\""u8); at >= 0;)
        {
            int printable = bytes.AsSpan(at).IndexOfAnyExceptInRange((byte)' ', (byte)'~');
            int end = at + (printable < 0 ? bytes.Length - at : printable);
            int length = bytes.AsSpan(at, end - at).LastIndexOf((byte)'}') + 1;
            if (length >= ShortestConfig)
            {
                found.Add(new Checked(at, length));
            }

            int next = bytes.AsSpan(end).IndexOf("{\""u8);
            at = next < 0 ? -1 : end + next;
        }

        return found;
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

    /// <summary>A part of a file: bytes that a checksum follows, or a config.</summary>
    internal readonly record struct Checked(int Start, int Length);
}
