using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>The operators that have kernels of their own; element-wise ones are written into kernels as they come.</summary>
internal static class DeviceKernels
{
    /// <summary>Adds the steps that compute a node on the device; false, and nothing added, where it has no kernel for its types or attributes.</summary>
    public static bool TryBind(Node node, OpenClPlan plan, string text)
    {
        var binding = new DeviceBinding(node, plan, text);
        if (!binding.HasTypes || !Bind(node.Op, binding))
        {
            return false;
        }

        binding.Complete();
        return true;
    }

    private static bool Bind(Op op, DeviceBinding b) => op switch
    {
        StridedOp strided => MovementKernels.Strided(strided, b),
        MatMul => ProductKernels.Multiply(new FusedMatMul(), b),
        FusedMatMul product => ProductKernels.Multiply(product, b),
        Conv conv => ProductKernels.Convolve(conv, b),
        ConvTranspose conv => ProductKernels.ConvolveTransposed(conv, b),
        _ => false,
    };
}
