using System.Collections;

namespace KerasCompat.Runtime;

/// <summary>The sizes of a tensor's axes. The empty shape is a scalar.</summary>
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? _dims;

    /// <summary>A shape of the given sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the number of elements exceeds 2³¹ − 1.</exception>
    public Shape(params ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (int dim in dims)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dim);
            count = dim == 0 ? 0 : checked(count * dim);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue, nameof(dims));
        }

        _dims = dims.ToArray();
        ElementCount = (int)count;
    }

    /// <summary>The shape of a scalar.</summary>
    public static Shape Scalar => new(ReadOnlySpan<int>.Empty);

    /// <summary>Number of axes.</summary>
    public int Rank => _dims?.Length ?? 0;

    /// <summary>Number of elements.</summary>
    public int ElementCount { get; }

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<int> Dims => _dims;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public int this[int axis] => _dims![axis < 0 ? axis + Rank : axis];

    /// <summary>Elements between neighbours along each axis, for the C order in which all tensors are stored.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        int stride = 1;
        for (int i = Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= _dims![i];
        }

        return strides;
    }

    /// <summary>The product of the sizes of axes <paramref name="from"/> to <paramref name="to"/> (exclusive).</summary>
    public int Product(int from, int to)
    {
        int product = 1;
        for (int i = from; i < to; i++)
        {
            product *= _dims![i];
        }

        return product;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dims.SequenceEqual(other.Dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int dim in Dims)
        {
            hash.Add(dim);
        }

        return hash.ToHashCode();
    }

    /// <summary>True where rank and sizes are equal.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>True where rank or a size differs.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The shape as Python writes it: <c>(2, 3)</c>, <c>(2,)</c>, <c>()</c>.</summary>
    public override string ToString() => Rank == 1 ? $"({_dims![0]},)" : $"({string.Join(", ", _dims ?? [])})";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_dims ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
