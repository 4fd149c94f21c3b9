namespace KerasCompat.Runtime;

/// <summary>What multiplies matrices on an OpenCL device.</summary>
public enum MatrixProducts
{
    /// <summary>This library's kernels alone: a device and driver give the same bits for the same call in every process.</summary>
    Own,

    /// <summary>
    /// CLBlast where its library is found and was faster when a product of that shape was first planned in this process. The two sum in
    /// different orders and a clock decides between them, so that another process may give other last bits.
    /// </summary>
    Fastest,

    /// <summary>CLBlast for every product that it can do: of float32 matrices, and convolutions of one pixel.</summary>
    ClBlast,
}
