namespace KerasCompat.Runtime;

/// <summary>An array of numbers or text in C order (the last axis varies fastest).</summary>
public abstract class Tensor
{
    private protected Tensor(DType dtype, Shape shape)
    {
        DType = dtype;
        Shape = shape;
    }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Shape.ElementCount;

    /// <summary>A tensor over an array, which is not copied.</summary>
    /// <exception cref="ArgumentException">The array's length is not the shape's.</exception>
    public static Tensor<T> From<T>(T[] values, params ReadOnlySpan<int> dims) => new(values, new Shape(dims));

    /// <summary>A tensor of rank 0.</summary>
    public static Tensor<T> Scalar<T>(T value) => new(new[] { value }, Shape.Scalar);

    /// <summary>A tensor of zeros (of empty texts for <see cref="DType.String"/>).</summary>
    public static Tensor Zeros(DType dtype, Shape shape) => dtype switch
    {
        DType.Float32 => new Tensor<float>(new float[shape.ElementCount], shape),
        DType.Float64 => new Tensor<double>(new double[shape.ElementCount], shape),
        DType.Float16 => new Tensor<Half>(new Half[shape.ElementCount], shape),
        DType.BFloat16 => new Tensor<BFloat16>(new BFloat16[shape.ElementCount], shape),
        DType.Int8 => new Tensor<sbyte>(new sbyte[shape.ElementCount], shape),
        DType.Int16 => new Tensor<short>(new short[shape.ElementCount], shape),
        DType.Int32 => new Tensor<int>(new int[shape.ElementCount], shape),
        DType.Int64 => new Tensor<long>(new long[shape.ElementCount], shape),
        DType.UInt8 => new Tensor<byte>(new byte[shape.ElementCount], shape),
        DType.UInt16 => new Tensor<ushort>(new ushort[shape.ElementCount], shape),
        DType.UInt32 => new Tensor<uint>(new uint[shape.ElementCount], shape),
        DType.UInt64 => new Tensor<ulong>(new ulong[shape.ElementCount], shape),
        DType.Bool => new Tensor<bool>(new bool[shape.ElementCount], shape),
        DType.String => new Tensor<string>(Filled(shape.ElementCount, string.Empty), shape),
        _ => throw new ArgumentOutOfRangeException(nameof(dtype)),
    };

    /// <summary>A tensor whose elements are the given little-endian bytes.</summary>
    /// <exception cref="ArgumentException">The bytes are not as many as the shape needs, or the type is text.</exception>
    public static Tensor FromBytes(DType dtype, Shape shape, ReadOnlySpan<byte> bytes)
    {
        Tensor tensor = Zeros(dtype, shape);
        Span<byte> target = tensor.Bytes;
        if (bytes.Length != target.Length)
        {
            throw new ArgumentException($"{shape} of {dtype.Name()} needs {target.Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(target);
        return tensor;
    }

    /// <summary>The elements' bytes, little-endian.</summary>
    /// <exception cref="InvalidOperationException">The elements are text.</exception>
    public abstract Span<byte> Bytes { get; }

    /// <summary>The same elements under another shape of as many elements; nothing is copied.</summary>
    public abstract Tensor Reshape(Shape shape);

    /// <summary>The tensor with elements converted as numpy's <c>astype</c> does; itself where the type is the same.</summary>
    /// <exception cref="InvalidOperationException">Text would have to become numbers or the reverse.</exception>
    public Tensor Cast(DType dtype) => dtype == DType ? this : TensorConversion.Cast(this, dtype);

    /// <summary>The tensor as one whose elements are <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidCastException">The elements are of another type.</exception>
    public Tensor<T> As<T>() => this as Tensor<T>
        ?? throw new InvalidCastException($"The tensor holds {DType.Name()}, not {DTypes.Of<T>().Name()}.");

    /// <summary>Keeps the elements where they lie until the result is disposed.</summary>
    internal abstract System.Buffers.MemoryHandle Pin();

    /// <summary>A copy with memory of its own.</summary>
    public abstract Tensor Clone();

    /// <summary>The elements as numpy prints them.</summary>
    public string ToNumpyString() => NumpyText.Format(this);

    /// <summary>A run of rows (elements of the first axis); nothing is copied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public abstract Tensor Rows(int start, int count);

    /// <summary>Tensors joined along the first axis.</summary>
    /// <exception cref="ArgumentException">There are none, or their types or other axes differ.</exception>
    public static Tensor Stack(IReadOnlyList<Tensor> tensors)
    {
        if (tensors.Count == 0 || tensors.Any(t => t.DType != tensors[0].DType || !t.Shape.Dims[1..].SequenceEqual(tensors[0].Shape.Dims[1..])))
        {
            throw new ArgumentException($"{tensors.Count} tensors ({string.Join(", ", tensors.Take(4))}) cannot be joined along the first axis.", nameof(tensors));
        }

        Tensor joined = Zeros(tensors[0].DType, new Shape([tensors.Sum(t => t.Shape[0]), .. tensors[0].Shape.Dims[1..]]));
        int row = 0;
        foreach (Tensor tensor in tensors)
        {
            tensor.CopyTo(joined.Rows(row, tensor.Shape[0]));
            row += tensor.Shape[0];
        }

        return joined;
    }

    /// <summary>Copies the elements to a tensor of the same type and length.</summary>
    /// <exception cref="ArgumentException">Type or length differs.</exception>
    public abstract void CopyTo(Tensor target);

    /// <summary>Type and shape: <c>float32 (2, 3)</c>.</summary>
    public override string ToString() => $"{DType.Name()} {Shape}";

    private static string[] Filled(int length, string value)
    {
        var array = new string[length];
        Array.Fill(array, value);
        return array;
    }
}

/// <summary>An array whose elements are <typeparamref name="T"/>.</summary>
/// <typeparam name="T">float, double, Half, BFloat16, an integer type of 8 to 64 bits, bool or string.</typeparam>
public sealed class Tensor<T> : Tensor
{
    /// <summary>A tensor over memory, which is not copied.</summary>
    /// <exception cref="ArgumentException">The memory's length is not the shape's, or no tensor has such elements.</exception>
    public Tensor(Memory<T> memory, Shape shape)
        : base(DTypes.Of<T>(), shape)
    {
        if (memory.Length != shape.ElementCount)
        {
            throw new ArgumentException($"Shape {shape} needs {shape.ElementCount} elements, not {memory.Length}.", nameof(memory));
        }

        Memory = memory;
    }

    /// <summary>The elements' memory.</summary>
    public Memory<T> Memory { get; }

    /// <summary>The elements in C order.</summary>
    public Span<T> Span => Memory.Span;

    /// <inheritdoc/>
    public override Span<byte> Bytes => TensorConversion.Bytes(this);

    /// <summary>The element at the given indices.</summary>
    public T this[params ReadOnlySpan<int> indices]
    {
        get => Span[Offset(indices)];
        set => Span[Offset(indices)] = value;
    }

    /// <inheritdoc/>
    public override Tensor<T> Reshape(Shape shape) => new(Memory, shape);

    /// <inheritdoc/>
    public override Tensor<T> Clone() => new(Memory.ToArray(), Shape);

    /// <inheritdoc/>
    public override Tensor<T> Rows(int start, int count)
    {
        int width = Shape.Product(1, Shape.Rank);
        return new Tensor<T>(Memory.Slice(start * width, count * width), new Shape([count, .. Shape.Dims[1..]]));
    }

    /// <inheritdoc/>
    public override void CopyTo(Tensor target) => Span.CopyTo(target.As<T>().Span);

    internal override System.Buffers.MemoryHandle Pin() => Memory.Pin();

    /// <summary>The elements as an array of their own.</summary>
    public T[] ToArray() => Memory.ToArray();

    private int Offset(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Shape.Rank)
        {
            throw new ArgumentException($"{Shape.Rank} indices are needed, not {indices.Length}.", nameof(indices));
        }

        int offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Shape[i])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), $"Index {indices[i]} is outside axis {i} of {Shape}.");
            }

            offset = (offset * Shape[i]) + indices[i];
        }

        return offset;
    }
}
