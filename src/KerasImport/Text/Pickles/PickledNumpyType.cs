using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>A dtype of numpy in a pickle: numbers, booleans, text (<c>U</c>), bytes (<c>S</c>) or objects. Its byte order comes after it.</summary>
internal sealed class PickledNumpyType
{
    private const int ObjectFlags = 63; // numpy's NPY_OBJECT_DTYPE_FLAGS
    private const int TextFlags = 8; // numpy's NPY_NEEDS_INIT
    private readonly NpyElement _given;
    private NpyElement? _element;

    private PickledNumpyType(NpyElement given, bool objects) => (_given, Objects) = (given, objects);

    /// <summary>Whether elements are values of the pickle itself, kept beside the array.</summary>
    public bool Objects { get; }

    /// <summary>The type of a code: <c>i8</c>, <c>f4</c>, <c>U5</c> and the like, <c>O8</c> for objects.</summary>
    /// <exception cref="ModelFormatException">It is another type.</exception>
    public static PickledNumpyType Of(string code, string place) => code is "O8" or "O4"
        ? new PickledNumpyType(default, objects: true)
        : new PickledNumpyType(NpyElement.Parse(code, place), objects: false);

    /// <summary>Takes the state that <c>dtype.__reduce__</c> gives: (version, byte order, subarray, names, fields, size, alignment, flags).</summary>
    public bool TryComplete(object?[] state)
    {
        if (state is not [3L or 4L, "<" or ">" or "|", null, null, null, long size, long alignment, long flags, ..]
            || (size, alignment, flags) != Layout())
        {
            return false;
        }

        _element = _given with { BigEndian = state[1] is ">" };
        return true;
    }

    /// <summary>The array that bytes hold.</summary>
    /// <exception cref="ModelFormatException">Their count is not that of the shape, or text in them is none.</exception>
    /// <exception cref="ResourceLimitException">It is larger than the limits allow.</exception>
    public Tensor Read(byte[] bytes, int[] dims, bool fortranOrder, string place, ReadLimits limits)
    {
        var header = new NpyHeader(_element ?? throw new ModelFormatException(place, "a type of numpy without its byte order", "a whole type"), fortranOrder, [.. dims]);
        (Shape shape, long size) = header.Size(place, limits);
        return bytes.Length == size
            ? NpyPayload.Read(new MemoryStream(bytes, writable: false), header, shape, place)
            : throw new ModelFormatException(place, $"{bytes.Length} bytes for an array of shape {shape}", $"{size} bytes");
    }

    /// <summary>The value of one element: text for <c>U</c>, bytes for <c>S</c> without the zeros that fill it up, or a number.</summary>
    /// <exception cref="ModelFormatException">The bytes are not one element.</exception>
    /// <exception cref="ResourceLimitException">The element is larger than the limits allow.</exception>
    public object Scalar(byte[] bytes, string place, ReadLimits limits) => _element is { DType: DType.String, Utf32: false } element && bytes.Length == element.Size
        ? bytes.AsSpan().TrimEnd((byte)0).ToArray()
        : PickleNumbers.Element(Read(bytes, [], fortranOrder: false, place, limits));

    /// <summary>Size, alignment and flags as numpy writes them: numbers leave the first two to the code.</summary>
    private (long Size, long Alignment, long Flags) Layout() => (Objects, _given) switch
    {
        (true, _) => (-1, -1, ObjectFlags),
        (_, { Utf32: true }) => (_given.Size, 4, TextFlags),
        (_, { DType: DType.String }) => (_given.Size, 1, 0),
        _ => (-1, -1, 0),
    };
}
