namespace KerasCompat.Runtime.OpenCl;

/// <summary>What the executor has to know of an OpenCL device.</summary>
/// <param name="Name">The maker's name of it.</param>
/// <param name="Driver">The driver's version.</param>
/// <param name="Version">The version of OpenCL.</param>
/// <param name="IsGpu">True for a GPU.</param>
/// <param name="IsCpu">True for a CPU, whose kernels keep results in registers instead of sharing local memory.</param>
/// <param name="MemoryBytes">The device's memory.</param>
/// <param name="LargestBuffer">Bytes of the largest buffer.</param>
/// <param name="LocalBytes">Memory that a group of work-items shares.</param>
/// <param name="LargestGroup">Work-items a group may have.</param>
/// <param name="ComputeUnits">Groups of work-items that run at a time: a GPU's multiprocessors, a CPU's threads.</param>
/// <param name="Alignment">Parts of a buffer begin at multiples of this many bytes.</param>
/// <param name="HasDouble">Whether it computes float64.</param>
internal sealed record DeviceProperties(
    string Name, string Driver, string Version, bool IsGpu, bool IsCpu, long MemoryBytes, long LargestBuffer, long LocalBytes, int LargestGroup, int ComputeUnits, int Alignment, bool HasDouble)
{
    // CL/cl.h of OpenCL 1.2.
    private const int
        Type = 0x1000, MaxComputeUnits = 0x1002, MaxWorkGroupSize = 0x1004, MaxMemAllocSize = 0x1010, MemBaseAddrAlign = 0x1019, GlobalMemSize = 0x101F, LocalMemSize = 0x1023,
        DeviceName = 0x102B, DriverVersion = 0x102D, DeviceVersion = 0x102F, DoubleFpConfig = 0x1032;

    private const ulong CpuType = 2, GpuType = 4;

    public static DeviceProperties Read(OpenClApi api, nint device)
    {
        ulong type = api.DeviceNumber(device, Type);
        return new DeviceProperties(
            api.DeviceText(device, DeviceName),
            api.DeviceText(device, DriverVersion),
            api.DeviceText(device, DeviceVersion),
            (type & GpuType) != 0,
            (type & CpuType) != 0,
            (long)api.DeviceNumber(device, GlobalMemSize),
            (long)api.DeviceNumber(device, MaxMemAllocSize),
            (long)api.DeviceNumber(device, LocalMemSize),
            (int)api.DeviceNumber(device, MaxWorkGroupSize),
            (int)api.DeviceNumber(device, MaxComputeUnits),
            Math.Max((int)api.DeviceNumber(device, MemBaseAddrAlign) / 8, Cpu.CpuFrame.Alignment),
            api.DeviceNumber(device, DoubleFpConfig) != 0);
    }
}
