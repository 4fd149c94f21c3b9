using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Onnx.Export;

/// <summary>Stored tensors with their axes in another order.</summary>
internal static class Arrangement
{
    public static Tensor Transpose(Tensor tensor, IReadOnlyList<int> perm)
    {
        var shape = new Shape([.. perm.Select(axis => tensor.Shape[axis])]);
        return NodeRunner.Run(new Transpose([.. perm]), [tensor], [new TensorType(tensor.DType, shape)])[0];
    }
}
