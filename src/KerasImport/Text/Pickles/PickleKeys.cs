using System.Numerics;

namespace KerasCompat.Text;

/// <summary>Equality of dictionary keys. Hash codes are seeded, so that no file can choose keys that collide.</summary>
internal sealed class PickleKeys : IEqualityComparer<object>
{
    public static PickleKeys Instance { get; } = new();

    /// <summary>Whether a value can be a key: text and numbers; Python's tuples as keys serve no tokenizer.</summary>
    public static bool Allows(object? key) => key is string or long or double or bool or BigInteger;

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object key) => key is long number
        ? HashCode.Combine((int)number, (int)(number >> 32))
        : HashCode.Combine(key);
}
