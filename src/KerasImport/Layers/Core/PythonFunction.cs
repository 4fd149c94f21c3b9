using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// Describes the function of a Lambda layer: its name where it has one, a hash by which to tell it from others, and the Python
/// that can read it. The code is CPython's marshal format; only a code object's head is looked at, nothing is run.
/// </summary>
internal static class PythonFunction
{
    /// <summary>The generations of CPython, told apart by the integers at the head of a code object.</summary>
    /// <remarks>Lib/marshal and Python/marshal.c, <c>r_object</c>, case TYPE_CODE.</remarks>
    private static readonly (string Versions, int Integers)[] CodeHeads =
    [
        // argcount, nlocals, stacksize, flags
        ("Python 2", 4),
        // argcount, kwonlyargcount, nlocals, stacksize, flags; from 3.11: argcount, posonlyargcount, kwonlyargcount, stacksize, flags
        ("Python 3.0 to 3.7, or 3.11 and later", 5),
        // argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags
        ("Python 3.8 to 3.10", 6),
    ];

    /// <summary>A sentence about the function.</summary>
    public static string Describe(JToken? function)
    {
        switch (function)
        {
            case JValue { Value: string name }:
                return $"the function {name} of the model's author";
            case JObject wrapped when wrapped["config"] is JObject config && config["code"] is JValue { Value: string text }:
                return Decode(text) is { } marshalled ? Code(marshalled) : $"Python code (SHA-256 {Hash(Encoding.UTF8.GetBytes(text))})";
            case JObject wrapped when wrapped["config"] is JValue { Value: string name }:
                return $"the function {name} of the model's author";
            default:
                return "a function the file does not hold";
        }
    }

    private static string Code(byte[] code) => string.Create(
        CultureInfo.InvariantCulture,
        $"Python code of {code.Length} bytes (SHA-256 {Hash(code)}, for {Version(code)})");

    private static string Hash(byte[] bytes) => System.Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    /// <summary>Which Pythons wrote such a code object: its integers are followed by the bytecode, a string object.</summary>
    private static string Version(ReadOnlySpan<byte> code)
    {
        // Type code 'c', in Python 3.4 and later with the reference flag 0x80.
        if (code.Length < 32 || (code[0] & 0x7F) != 'c')
        {
            return "an unknown Python";
        }

        foreach ((string versions, int integers) in CodeHeads)
        {
            int at = 1 + (4 * integers);
            if ((code[at] & 0x7F) == 's' && BinaryPrimitives.ReadInt32LittleEndian(code[(at + 1)..]) is > 0 and var length && length < code.Length - at)
            {
                return versions;
            }
        }

        return "an unknown Python";
    }

    /// <summary>The bytes of base64 text that hold a code object, or null.</summary>
    private static byte[]? Decode(string text)
    {
        string compact = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        Span<byte> buffer = new byte[compact.Length];
        return compact.Length >= 16 && System.Convert.TryFromBase64String(compact, buffer, out int written) && (buffer[0] & 0x7F) == 'c'
            ? buffer[..written].ToArray()
            : null;
    }
}
