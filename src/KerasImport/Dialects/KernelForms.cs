using KerasCompat.Runtime;

namespace KerasCompat.Dialects;

/// <summary>Axes of convolution kernels as older generations and Theano stored them. Canonical is <c>(space…, depth, filters)</c>.</summary>
internal static class KernelForms
{
    /// <summary>Converts every array.</summary>
    public static IReadOnlyList<Tensor> Each(IReadOnlyList<Tensor> arrays, Func<Tensor, Tensor> convert) => [.. arrays.Select(convert)];

    /// <summary>Converts one array, where there is such a one.</summary>
    public static IReadOnlyList<Tensor> At(IReadOnlyList<Tensor> arrays, int index, Func<Tensor, Tensor> convert) =>
        [.. arrays.Select((array, i) => i == index ? convert(array) : array)];

    /// <summary><c>(filters, depth, space…)</c> to canonical; arrays of less than two spatial axes are none of these kernels.</summary>
    public static Tensor FromChannelsFirst(Tensor array) => array.Shape.Rank < 4
        ? array
        : array.Transpose([.. Enumerable.Range(2, array.Shape.Rank - 2), 1, 0]);

    /// <summary>Exchanges depth and filters.</summary>
    public static Tensor SwapChannels(Tensor kernel)
    {
        int rank = kernel.Shape.Rank;
        return rank < 3 ? kernel : kernel.Transpose([.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }

    /// <summary>Reverses all spatial axes: a convolution's kernel becomes a correlation's.</summary>
    public static Tensor Flip(Tensor array) => array.Shape.Rank < 3 ? array : array.ReverseFirst(array.Shape.Rank - 2);

    /// <summary>Keras 1's <c>Convolution1D</c>. The old form is told by its shape, as Keras 2 does.</summary>
    public static IReadOnlyList<Tensor> OneDimensional(IReadOnlyList<Tensor> stored, IReadOnlyList<Shape> shapes) => At(stored, 0, kernel =>
    {
        if (kernel.Shape.Rank != 4 || shapes is not [{ Rank: 3 } wanted, ..])
        {
            return kernel;
        }

        bool isNewForm = kernel.Shape[0] == wanted[0] && kernel.Shape[1] == 1 && kernel.Shape[3] == wanted[2];
        Tensor standing = isNewForm ? kernel : kernel.Transpose(2, 3, 1, 0);
        return standing.Shape[1] == 1 ? standing.Reshape(new Shape(standing.Shape[0], standing.Shape[2], standing.Shape[3])) : kernel;
    });

    /// <summary>Transposes kernels by (3, 2, 0, 1) where that, and only that, gives the layer's shape.</summary>
    public static IReadOnlyList<Tensor> ByShape(IReadOnlyList<Tensor> stored, IReadOnlyList<Shape> shapes) => [.. stored.Select((kernel, i) =>
    {
        if (kernel.Shape.Rank != 4 || i >= shapes.Count || kernel.Shape == shapes[i])
        {
            return kernel;
        }

        Tensor turned = kernel.Transpose(3, 2, 0, 1);
        return turned.Shape == shapes[i] ? turned : kernel;
    })];
}
