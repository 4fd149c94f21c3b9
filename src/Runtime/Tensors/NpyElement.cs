namespace KerasCompat.Runtime;

/// <summary>What a <c>.npy</c> header says of its elements: the characters of numpy's <c>descr</c>.</summary>
/// <param name="DType">The tensor's type.</param>
/// <param name="Size">Bytes of an element in the file; text has any multiple of 4 (<c>U</c>) or of 1 (<c>S</c>).</param>
/// <param name="BigEndian">True where the most significant byte comes first.</param>
/// <param name="Utf32">True for <c>U</c>, text of 4-byte code points; false for <c>S</c>, text of bytes.</param>
internal readonly record struct NpyElement(DType DType, int Size, bool BigEndian, bool Utf32)
{
    /// <summary>Reads a <c>descr</c> such as <c>&lt;f4</c>.</summary>
    public static NpyElement Parse(string descr, string place)
    {
        int at = descr.Length > 0 && "<>|=".Contains(descr[0]) ? 1 : 0;
        bool big = descr.StartsWith('>');
        char kind = at < descr.Length ? descr[at] : '\0';
        bool sized = int.TryParse(descr.AsSpan(Math.Min(at + 1, descr.Length)), System.Globalization.NumberStyles.None, null, out int size);
        DType? dtype = (kind, size) switch
        {
            ('f', 4) => DType.Float32,
            ('f', 8) => DType.Float64,
            ('f', 2) => DType.Float16,
            ('i', 1) => DType.Int8,
            ('i', 2) => DType.Int16,
            ('i', 4) => DType.Int32,
            ('i', 8) => DType.Int64,
            ('u', 1) => DType.UInt8,
            ('u', 2) => DType.UInt16,
            ('u', 4) => DType.UInt32,
            ('u', 8) => DType.UInt64,
            ('b', 1) => DType.Bool,
            ('U' or 'S', >= 0) => DType.String,
            _ => null,
        };
        if (kind == 'O')
        {
            throw new ModelFormatException(place, "an array of pickled Python objects", "numbers, bool or text",
                "save it from Python as a numeric array; pickles are never executed");
        }

        if (!sized || dtype is null || size > int.MaxValue / 4)
        {
            throw new ModelFormatException(place, $"elements of type '{descr}'{Known(kind)}", "a real number of at most 8 bytes, bool or text",
                "convert the array in Python with .astype");
        }

        return kind == 'U'
            ? new NpyElement(DType.String, 4 * size, big, Utf32: true)
            : new NpyElement(dtype.Value, size, big, Utf32: false);
    }

    /// <summary>The <c>descr</c> numpy writes; text is written as <c>U</c> of <paramref name="textLength"/> code points.</summary>
    /// <remarks>numpy has no bfloat16: it is written as float32, which holds each of its values.</remarks>
    public static string Format(DType dtype, int textLength) => dtype switch
    {
        DType.Float32 or DType.BFloat16 => "<f4",
        DType.Float64 => "<f8",
        DType.Float16 => "<f2",
        DType.Int8 => "|i1",
        DType.Int16 => "<i2",
        DType.Int32 => "<i4",
        DType.Int64 => "<i8",
        DType.UInt8 => "|u1",
        DType.UInt16 => "<u2",
        DType.UInt32 => "<u4",
        DType.UInt64 => "<u8",
        DType.Bool => "|b1",
        DType.String => $"<U{textLength}",
        _ => throw new ArgumentOutOfRangeException(nameof(dtype)),
    };

    private static string Known(char kind) => kind switch
    {
        'c' => " (complex numbers)",
        'f' => " (long double)",
        'M' => " (dates)",
        'm' => " (time spans)",
        'V' => " (raw records; numpy stores bfloat16 and float8 so)",
        _ => string.Empty,
    };
}
