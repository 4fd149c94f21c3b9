using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace KerasCompat.Fuzz;

/// <summary>Changes the header of a <c>.npy</c> array by its words and mends the header's length, so that the reader comes to what the header says.</summary>
internal static partial class NpyMutation
{
    /// <summary>Magic, version, and the header's length in two bytes: the format's first version, which all fixtures have.</summary>
    private const int LengthAt = 8, HeaderAt = 10;

    private static readonly string[] Values =
    [
        "'<f4'", "'>f8'", "'<f2'", "'|b1'", "'<i8'", "'|O'", "'|V8'", "'|S0'", "'<U1073741823'", "'<U3'", "'<M8[ns]'", "'<c16'", "'<f3'", "[('a', '<f4')]", "True", "False", "None",
        "()", "(0,)", "(-1,)", "(1,)", "(2147483647,)", "(2147483648, 2147483648, 4)", "(9223372036854775807, 2)", "(99999999999999999999,)", "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)", "3", "1.5", "''", "\"\"\"", "\\u0000",
    ];

    public static byte[] Of(byte[] original, Random random)
    {
        if (original.Length < HeaderAt || random.Next(2) == 0)
        {
            return Mutation.Of(original, random);
        }

        int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(original.AsSpan(LengthAt)), original.Length - HeaderAt);
        string header = Encoding.Latin1.GetString(original, HeaderAt, length);
        MatchCollection words = Word().Matches(header);
        if (words.Count == 0)
        {
            return Mutation.Of(original, random);
        }

        Match word = words[random.Next(words.Count)];
        byte[] changed = Encoding.Latin1.GetBytes(header[..word.Index] + Values[random.Next(Values.Length)] + header[(word.Index + word.Length)..]);
        byte[] bytes = [.. original[..HeaderAt], .. changed, .. original[(HeaderAt + length)..]];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(LengthAt), (ushort)changed.Length);
        return bytes;
    }

    [GeneratedRegex(@"'[^']*'|\([^)]*\)|True|False|-?[0-9]+")]
    private static partial Regex Word();
}
