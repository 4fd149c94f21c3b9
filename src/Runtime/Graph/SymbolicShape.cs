using System.Collections;

namespace KerasCompat.Runtime;

/// <summary>The sizes of a value's axes before a call, each an integer or an expression over symbols.</summary>
public sealed class SymbolicShape : IReadOnlyList<Dim>, IEquatable<SymbolicShape>
{
    private readonly Dim[] _dims;

    /// <summary>A shape of the given sizes.</summary>
    public SymbolicShape(params IEnumerable<Dim> dims) => _dims = [.. dims];

    /// <summary>The shape of a scalar.</summary>
    public static SymbolicShape Scalar { get; } = new();

    /// <summary>Number of axes.</summary>
    public int Rank => _dims.Length;

    /// <summary>Number of elements.</summary>
    public Dim ElementCount => Dim.Product(_dims);

    /// <summary>True where every size is known.</summary>
    public bool IsConstant => _dims.All(d => d.IsConstant);

    int IReadOnlyCollection<Dim>.Count => _dims.Length;

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public Dim this[int axis] => _dims[axis < 0 ? axis + _dims.Length : axis];

    /// <summary>The shape of a tensor that is at hand.</summary>
    public static implicit operator SymbolicShape(Shape shape) => new(shape.Select(d => (Dim)d));

    /// <summary>The sizes for given values of the symbols.</summary>
    public Shape Evaluate(IReadOnlyDictionary<string, int> symbols)
    {
        Span<int> dims = stackalloc int[_dims.Length];
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = _dims[i].Evaluate(symbols);
        }

        return new Shape(dims);
    }

    /// <summary>False where the ranks differ, or known sizes of an axis.</summary>
    public bool MayEqual(SymbolicShape other) =>
        Rank == other.Rank && _dims.Zip(other._dims).All(d => d.First == d.Second || !d.First.IsConstant || !d.Second.IsConstant);

    /// <summary>A copy with one axis changed.</summary>
    public SymbolicShape With(int axis, Dim dim)
    {
        Dim[] dims = [.. _dims];
        dims[axis < 0 ? axis + dims.Length : axis] = dim;
        return new SymbolicShape(dims);
    }

    /// <summary>A copy without one axis.</summary>
    public SymbolicShape Without(int axis)
    {
        var dims = _dims.ToList();
        dims.RemoveAt(axis < 0 ? axis + dims.Count : axis);
        return new SymbolicShape(dims);
    }

    /// <summary>A copy with an axis inserted.</summary>
    public SymbolicShape Inserted(int axis, Dim dim)
    {
        var dims = _dims.ToList();
        dims.Insert(axis < 0 ? axis + dims.Count + 1 : axis, dim);
        return new SymbolicShape(dims);
    }

    /// <summary>The given sizes, in which one −1 becomes what the others leave of this shape's elements.</summary>
    public SymbolicShape Inferred(params ReadOnlySpan<Dim> sizes)
    {
        Dim[] dims = sizes.ToArray();
        int open = Array.FindIndex(dims, d => d == -1);
        if (open >= 0)
        {
            dims[open] = Dim.FloorDiv(ElementCount, Dim.Product(dims.Where((_, i) => i != open)));
        }

        return new SymbolicShape(dims);
    }

    /// <inheritdoc/>
    public bool Equals(SymbolicShape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SymbolicShape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (Dim dim in _dims)
        {
            hash.Add(dim);
        }

        return hash.ToHashCode();
    }

    /// <summary>The shape as text: <c>(batch, 80, 32)</c>.</summary>
    public override string ToString() => $"({string.Join(", ", (object[])_dims)})";

    /// <inheritdoc/>
    public IEnumerator<Dim> GetEnumerator() => ((IEnumerable<Dim>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
