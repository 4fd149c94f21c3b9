namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The instruction sets the kernels are compiled for, slowest first.</summary>
internal enum KernelSet
{
    Scalar,
    Vector128,
    Avx2,
    Avx512,
}
