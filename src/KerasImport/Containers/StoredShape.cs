using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>The shape of a stored array, held to the limits before anything is allocated.</summary>
internal static class StoredShape
{
    /// <summary>The shape; its size in bytes, texts counted as one each, stays below what a tensor and the limits allow.</summary>
    /// <exception cref="ResourceLimitException">It is larger.</exception>
    public static Shape Of(IReadOnlyList<long> sizes, DType type, string place, ReadLimits limits)
    {
        UInt128 bytes = (UInt128)Math.Max(1, type.Size());
        foreach (long size in sizes)
        {
            // Beside a size of 0 the others must fit all the same: a shape counts their product on its way.
            bytes = UInt128.Min(bytes * (UInt128)Math.Max(1, size), (UInt128)long.MaxValue);
        }

        long most = Math.Min(limits.MaxArrayBytes, int.MaxValue); // a tensor's bytes are counted by an int
        return bytes <= (UInt128)most && sizes.All(size => size <= int.MaxValue)
            ? new Shape([.. sizes.Select(size => (int)size)])
            : throw new ResourceLimitException(place, $"an array of shape ({string.Join(", ", sizes)})", $"at most {most} bytes");
    }
}
