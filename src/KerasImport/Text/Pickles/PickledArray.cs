using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>An array of numpy while its pickle is read: shape and elements come after the object.</summary>
internal sealed class PickledArray
{
    /// <summary>A tensor, or a list where elements are objects that are not all text; null before the state was read.</summary>
    public object? Value { get; private set; }

    /// <summary>Takes shape and elements.</summary>
    /// <param name="shape">The sizes of the axes.</param>
    /// <param name="type">The type of the elements.</param>
    /// <param name="fortranOrder">Whether the first axis varies fastest; objects always stand in C order.</param>
    /// <param name="elements">Bytes, or a list where the elements are objects.</param>
    /// <param name="place">What error messages call the pickle.</param>
    /// <param name="limits">What it may make the reader allocate.</param>
    /// <returns>False where they do not fit each other, or are objects in more than one axis that are not all text.</returns>
    /// <exception cref="ModelFormatException">There are not as many bytes as the shape needs.</exception>
    /// <exception cref="ResourceLimitException">The array is larger than the limits allow.</exception>
    public bool TryComplete(object?[] shape, PickledNumpyType type, bool fortranOrder, object? elements, string place, ReadLimits limits)
    {
        if (!shape.All(size => size is long and >= 0 and <= int.MaxValue))
        {
            return false;
        }

        int[] dims = [.. shape.Select(size => (int)(long)size!)];
        Value = (type.Objects, elements) switch
        {
            (true, List<object?> values) => Objects(values, dims),
            (false, byte[] bytes) => type.Read(bytes, dims, fortranOrder, place, limits),
            _ => null,
        };
        return Value is not null;
    }

    private static object? Objects(List<object?> values, int[] dims) =>
        dims.Aggregate((Int128)1, (count, dim) => Int128.Min(count * dim, long.MaxValue)) != values.Count ? null
        : values.All(value => value is string) ? new Tensor<string>(values.Cast<string>().ToArray(), new Shape(dims))
        : dims.Length == 1 ? values
        : null;
}
