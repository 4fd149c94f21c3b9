using System.Collections;
using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime;

/// <summary>A list of integers that equals another by its elements: an attribute such as strides. Written <c>[2, 2]</c>.</summary>
[CollectionBuilder(typeof(IntList), nameof(Of))]
public readonly struct IntList : IEquatable<IntList>, IReadOnlyList<int>
{
    private readonly int[]? _values;

    private IntList(int[] values) => _values = values;

    /// <summary>Number of integers.</summary>
    public int Count => _values?.Length ?? 0;

    /// <summary>The integers.</summary>
    public ReadOnlySpan<int> Span => _values;

    /// <summary>The integer at a place.</summary>
    public int this[int index] => _values![index];

    /// <summary>A list of the given integers.</summary>
    public static IntList Of(ReadOnlySpan<int> values) => new(values.ToArray());

    /// <summary>The same integer several times.</summary>
    public static IntList Repeat(int value, int count)
    {
        var values = new int[count];
        Array.Fill(values, value);
        return new IntList(values);
    }

    /// <inheritdoc/>
    public bool Equals(IntList other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IntList other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int value in Span)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>True where both hold the same integers.</summary>
    public static bool operator ==(IntList left, IntList right) => left.Equals(right);

    /// <summary>True where an integer differs.</summary>
    public static bool operator !=(IntList left, IntList right) => !left.Equals(right);

    /// <summary>The list as text: <c>[2, 2]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _values ?? [])}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_values ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
