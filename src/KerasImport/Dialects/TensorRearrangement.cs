using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>Moving a tensor's elements about without looking at them: any element type but text.</summary>
internal static class TensorRearrangement
{
    /// <summary>The tensor with its axes in another order: axis i of the result is axis <c>axes[i]</c> of the tensor.</summary>
    public static Tensor Transpose(this Tensor tensor, params ReadOnlySpan<int> axes)
    {
        int[] strides = tensor.Shape.Strides();
        var dims = new int[axes.Length];
        var steps = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            dims[i] = tensor.Shape[axes[i]];
            steps[i] = strides[axes[i]];
        }

        return Gather(tensor, new Shape(dims), steps, 0);
    }

    /// <summary>The tensor with its first axes running the other way.</summary>
    public static Tensor ReverseFirst(this Tensor tensor, int axes)
    {
        int[] steps = tensor.Shape.Strides();
        int start = 0;
        for (int i = 0; i < axes; i++)
        {
            start += (tensor.Shape[i] - 1) * steps[i];
            steps[i] = -steps[i];
        }

        return tensor.Length == 0 ? tensor : Gather(tensor, tensor.Shape, steps, start);
    }

    /// <summary>The columns <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/> of the last axis.</summary>
    public static Tensor Columns(this Tensor tensor, int from, int count)
    {
        int[] dims = tensor.Shape.Dims.ToArray();
        dims[^1] = count;
        return Gather(tensor, new Shape(dims), tensor.Shape.Strides(), from);
    }

    /// <summary>The tensors side by side on the last axis.</summary>
    /// <exception cref="ArgumentException">They differ in another axis or in their type, or have no axes.</exception>
    public static Tensor JoinColumns(IReadOnlyList<Tensor> parts)
    {
        int[] dims = parts[0].Shape.Dims.ToArray();
        if (dims.Length == 0 || parts.Any(p => p.DType != parts[0].DType || p.Shape.Rank != dims.Length || !p.Shape.Dims[..^1].SequenceEqual(dims.AsSpan()[..^1])))
        {
            throw new ArgumentException($"arrays {string.Join(", ", parts.Select(p => $"{p.DType.Name()} {p.Shape}"))} that do not stand side by side");
        }

        dims[^1] = parts.Sum(part => part.Shape[part.Shape.Rank - 1]);
        Tensor joined = Tensor.Zeros(parts[0].DType, new Shape(dims));
        Span<byte> target = joined.Bytes;
        int size = joined.DType.Size();
        int rowBytes = dims[^1] * size;
        int rows = rowBytes == 0 ? 0 : target.Length / rowBytes;
        int column = 0;
        foreach (Tensor part in parts)
        {
            int bytes = part.Shape[part.Shape.Rank - 1] * size;
            Span<byte> source = part.Bytes;
            for (int row = 0; row < rows; row++)
            {
                source.Slice(row * bytes, bytes).CopyTo(target[((row * rowBytes) + column)..]);
            }

            column += bytes;
        }

        return joined;
    }

    /// <summary>A tensor whose element at index (i, j, …) is the source's at offset <c>start + i·steps[0] + j·steps[1] + …</c>.</summary>
    private static Tensor Gather(Tensor tensor, Shape shape, int[] steps, int start)
    {
        Tensor result = Tensor.Zeros(tensor.DType, shape);
        int size = tensor.DType.Size();
        ReadOnlySpan<byte> source = tensor.Bytes;
        Span<byte> target = result.Bytes;
        var index = new int[shape.Rank];
        int offset = start;
        for (int element = 0; element < result.Length; element++)
        {
            source.Slice(offset * size, size).CopyTo(target[(element * size)..]);
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                offset += steps[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                offset -= steps[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return result;
    }
}
