using System.Globalization;
using System.Numerics;
using System.Text;
using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Whole numbers of a pickle: <see cref="long"/> where they fit, <see cref="BigInteger"/> beyond.</summary>
internal static class PickleNumbers
{
    /// <summary>Python's own bound on decimal digits (3.11): reading more takes time that grows with their square.</summary>
    public const int MaxDigits = 4300;

    /// <summary>A number in decimal, with the <c>L</c> of Python 2 or without; null where it is none.</summary>
    public static object? Decimal(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> digits = line.EndsWith("L"u8) ? line[..^1] : line;
        return digits.Length <= MaxDigits && BigInteger.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value)
            ? Smallest(value)
            : null;
    }

    /// <summary>A number in two's complement, little-endian; no byte at all is 0.</summary>
    public static object Binary(ReadOnlySpan<byte> bytes) => Smallest(new BigInteger(bytes));

    public static double? Float(ReadOnlySpan<byte> line)
    {
        string text = Encoding.ASCII.GetString(line);
        return text switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null,
        };
    }

    /// <summary>The value of a tensor of one element.</summary>
    public static object Element(Tensor one) => one switch
    {
        Tensor<string> text => text.Span[0],
        Tensor<bool> flag => flag.Span[0],
        Tensor<ulong> number => Smallest(number.Span[0]),
        Tensor<Half> or Tensor<float> or Tensor<double> => ((Tensor<double>)one.Cast(DType.Float64)).Span[0],
        _ => ((Tensor<long>)one.Cast(DType.Int64)).Span[0],
    };

    private static object Smallest(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
}
