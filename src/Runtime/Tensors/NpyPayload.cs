using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace KerasCompat.Runtime;

/// <summary>The elements of a <c>.npy</c> file, after the header.</summary>
internal static class NpyPayload
{
    private const int PieceBytes = 1 << 20;

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    public static Tensor Read(Stream stream, NpyHeader header, Shape shape, string place)
    {
        Tensor tensor = header.Element.DType switch
        {
            DType.Float32 => Numbers<float>(stream, header, shape, place),
            DType.Float64 => Numbers<double>(stream, header, shape, place),
            DType.Float16 => Numbers<Half>(stream, header, shape, place),
            DType.Int8 => Numbers<sbyte>(stream, header, shape, place),
            DType.Int16 => Numbers<short>(stream, header, shape, place),
            DType.Int32 => Numbers<int>(stream, header, shape, place),
            DType.Int64 => Numbers<long>(stream, header, shape, place),
            DType.UInt8 => Numbers<byte>(stream, header, shape, place),
            DType.UInt16 => Numbers<ushort>(stream, header, shape, place),
            DType.UInt32 => Numbers<uint>(stream, header, shape, place),
            DType.UInt64 => Numbers<ulong>(stream, header, shape, place),
            DType.Bool => Bools(Numbers<byte>(stream, header, shape, place)),
            _ => Texts(stream, header, shape, place),
        };
        return tensor;
    }

    public static void Write(Stream stream, Tensor tensor, CancellationToken cancellation)
    {
        if (tensor is Tensor<BFloat16>)
        {
            tensor = tensor.Cast(DType.Float32);
        }

        int textLength = tensor is Tensor<string> text ? text.Span.ToArray().Select(CodePoints).DefaultIfEmpty(0).Max() : 0;
        stream.Write(NpyHeader.Format(tensor.DType, textLength, tensor.Shape));
        if (tensor is Tensor<string> texts)
        {
            WriteTexts(stream, texts.Span, textLength, cancellation);
        }
        else
        {
            stream.WritePieces(tensor.Bytes, cancellation);
        }
    }

    public static ModelFormatException CutShort(string place, string expected) =>
        new(place, "fewer bytes than the array needs", $"an array of shape {expected}", "the file is cut short: copy or download it again");

    private static Tensor<T> Numbers<T>(Stream stream, NpyHeader header, Shape shape, string place)
        where T : unmanaged
    {
        T[] values = ReadAll<T>(stream, shape.ElementCount, place, shape);
        if (header.Element.BigEndian)
        {
            Swap(values.AsSpan());
        }

        return new Tensor<T>(header.FortranOrder ? ToCOrder(values, shape) : values, shape);
    }

    /// <summary>Reads piece by piece: a stream of unknown length gets no more memory than twice what it delivers.</summary>
    private static T[] ReadAll<T>(Stream stream, int count, string place, Shape shape)
        where T : unmanaged
    {
        int piece = PieceBytes / Unsafe.SizeOf<T>();
        var values = new T[stream.CanSeek ? count : Math.Min(count, piece)];
        for (int done = 0; done < count;)
        {
            if (done == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            }

            Span<byte> target = MemoryMarshal.AsBytes(values.AsSpan(done, Math.Min(piece, values.Length - done)));
            if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            {
                throw CutShort(place, shape.ToString());
            }

            done += target.Length / Unsafe.SizeOf<T>();
        }

        return values;
    }

    private static void Swap<T>(Span<T> values)
        where T : unmanaged
    {
        switch (Unsafe.SizeOf<T>())
        {
            case 2:
                Span<ushort> two = MemoryMarshal.Cast<T, ushort>(values);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                Span<uint> four = MemoryMarshal.Cast<T, uint>(values);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                Span<ulong> eight = MemoryMarshal.Cast<T, ulong>(values);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }

    /// <summary>Fortran order has the first axis vary fastest: walk the target in order and the source by its strides.</summary>
    private static T[] ToCOrder<T>(T[] source, Shape shape)
    {
        if (shape.Rank < 2 || source.Length == 0)
        {
            return source;
        }

        var target = new T[source.Length];
        var index = new int[shape.Rank];
        var stride = new int[shape.Rank];
        for (int axis = 0, step = 1; axis < shape.Rank; step *= shape[axis++])
        {
            stride[axis] = step;
        }

        for (int i = 0, from = 0; i < target.Length; i++)
        {
            target[i] = source[from];
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                from += stride[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                from -= stride[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return target;
    }

    /// <summary>Any byte but 0 is true; .NET knows only 1, so other values must not pass as they are.</summary>
    private static Tensor<bool> Bools(Tensor<byte> bytes) => new(Array.ConvertAll(bytes.ToArray(), b => b != 0), bytes.Shape);

    private static Tensor<string> Texts(Stream stream, NpyHeader header, Shape shape, string place)
    {
        NpyElement element = header.Element;
        var values = new List<string>(Math.Min(shape.ElementCount, PieceBytes));
        byte[] buffer = new byte[shape.ElementCount > 0 ? element.Size : 0];
        while (values.Count < shape.ElementCount)
        {
            if (stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            {
                throw CutShort(place, shape.ToString());
            }

            values.Add(element.Utf32 ? CodePointText(buffer, element.BigEndian, place) : ByteText(buffer, place));
        }

        string[] texts = [.. values];
        return new Tensor<string>(header.FortranOrder ? ToCOrder(texts, shape) : texts, shape);
    }

    private static string ByteText(ReadOnlySpan<byte> bytes, string place)
    {
        try
        {
            return StrictUtf8.GetString(bytes.TrimEnd((byte)0));
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(place, "text that is not UTF-8", inner: e, remedy: "save it from Python as str (numpy type U)");
        }
    }

    private static string CodePointText(Span<byte> bytes, bool bigEndian, string place)
    {
        Span<uint> points = MemoryMarshal.Cast<byte, uint>(bytes);
        if (bigEndian)
        {
            BinaryPrimitives.ReverseEndianness(points, points);
        }

        points = points.TrimEnd(0u);
        var text = new StringBuilder(points.Length);
        foreach (uint point in points)
        {
            // Python's str may hold lone surrogates, and so may .NET's.
            if (point > 0x10FFFF)
            {
                throw new ModelFormatException(place, $"code point 0x{point:X}", "Unicode text", "the file is damaged");
            }

            if (point <= 0xFFFF)
            {
                text.Append((char)point);
            }
            else
            {
                text.Append(char.ConvertFromUtf32((int)point));
            }
        }

        return text.ToString();
    }

    private static int CodePoints(string text)
    {
        int count = 0;
        for (int i = 0; i < text.Length; i++, count++)
        {
            i += char.IsSurrogatePair(text, i) ? 1 : 0;
        }

        return count;
    }

    private static void WriteTexts(Stream stream, ReadOnlySpan<string> texts, int length, CancellationToken cancellation)
    {
        var buffer = new byte[4 * length];
        foreach (string text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(buffer);
            for (int i = 0, at = 0; i < text.Length; i++, at += 4)
            {
                bool pair = char.IsSurrogatePair(text, i);
                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), pair ? char.ConvertToUtf32(text, i) : text[i]);
                i += pair ? 1 : 0;
            }

            stream.Write(buffer);
        }
    }
}
