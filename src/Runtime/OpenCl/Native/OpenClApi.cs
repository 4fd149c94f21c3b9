using System.Runtime.InteropServices;
using System.Text;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>The functions of OpenCL 1.2 that the executor calls, as the C headers of Khronos declare them. Handles are pointers, sizes native.</summary>
internal sealed unsafe class OpenClApi
{
    private const int PlatformName = 0x0902, DeviceNotFound = -1;
    private const ulong AllDevices = 0xFFFFFFFF;

    private readonly delegate* unmanaged<uint, nint*, uint*, int> _getPlatformIds;
    private readonly delegate* unmanaged<nint, int, nuint, void*, nuint*, int> _getPlatformInfo;
    private readonly delegate* unmanaged<nint, ulong, uint, nint*, uint*, int> _getDeviceIds;
    private readonly delegate* unmanaged<nint, int, nuint, void*, nuint*, int> _getDeviceInfo;
    private readonly delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint> _createContext;
    private readonly delegate* unmanaged<nint, nint, ulong, int*, nint> _createCommandQueue;
    private readonly delegate* unmanaged<nint, int> _releaseCommandQueue;
    private readonly delegate* unmanaged<nint, ulong, nuint, void*, int*, nint> _createBuffer;
    private readonly delegate* unmanaged<nint, ulong, uint, void*, int*, nint> _createSubBuffer;
    private readonly delegate* unmanaged<nint, int> _releaseMemObject;
    private readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> _enqueueReadBuffer;
    private readonly delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int> _enqueueWriteBuffer;
    private readonly delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int> _enqueueCopyBuffer;
    private readonly delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int> _enqueueFillBuffer;
    private readonly delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> _createProgramWithSource;
    private readonly delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint> _createProgramWithBinary;
    private readonly delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int> _buildProgram;
    private readonly delegate* unmanaged<nint, nint, int, nuint, void*, nuint*, int> _getProgramBuildInfo;
    private readonly delegate* unmanaged<nint, int, nuint, void*, nuint*, int> _getProgramInfo;
    private readonly delegate* unmanaged<nint, int> _releaseProgram;
    private readonly delegate* unmanaged<nint, byte*, int*, nint> _createKernel;
    private readonly delegate* unmanaged<nint, int> _releaseKernel;
    private readonly delegate* unmanaged<nint, uint, nuint, void*, int> _setKernelArg;
    private readonly delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int> _enqueueNDRangeKernel;
    private readonly delegate* unmanaged<nint, uint, nint*, nint*, int> _enqueueMarker;
    private readonly delegate* unmanaged<uint, nint*, int> _waitForEvents;
    private readonly delegate* unmanaged<nint, int> _releaseEvent;
    private readonly delegate* unmanaged<nint, int> _flush;
    private readonly delegate* unmanaged<nint, int> _finish;

    /// <exception cref="EntryPointNotFoundException">The library lacks a function.</exception>
    public OpenClApi(nint library)
    {
        _getPlatformIds = (delegate* unmanaged<uint, nint*, uint*, int>)Find("clGetPlatformIDs");
        _getPlatformInfo = (delegate* unmanaged<nint, int, nuint, void*, nuint*, int>)Find("clGetPlatformInfo");
        _getDeviceIds = (delegate* unmanaged<nint, ulong, uint, nint*, uint*, int>)Find("clGetDeviceIDs");
        _getDeviceInfo = (delegate* unmanaged<nint, int, nuint, void*, nuint*, int>)Find("clGetDeviceInfo");
        _createContext = (delegate* unmanaged<nint*, uint, nint*, nint, nint, int*, nint>)Find("clCreateContext");
        _createCommandQueue = (delegate* unmanaged<nint, nint, ulong, int*, nint>)Find("clCreateCommandQueue");
        _releaseCommandQueue = (delegate* unmanaged<nint, int>)Find("clReleaseCommandQueue");
        _createBuffer = (delegate* unmanaged<nint, ulong, nuint, void*, int*, nint>)Find("clCreateBuffer");
        _createSubBuffer = (delegate* unmanaged<nint, ulong, uint, void*, int*, nint>)Find("clCreateSubBuffer");
        _releaseMemObject = (delegate* unmanaged<nint, int>)Find("clReleaseMemObject");
        _enqueueReadBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueReadBuffer");
        _enqueueWriteBuffer = (delegate* unmanaged<nint, nint, uint, nuint, nuint, void*, uint, nint*, nint*, int>)Find("clEnqueueWriteBuffer");
        _enqueueCopyBuffer = (delegate* unmanaged<nint, nint, nint, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueCopyBuffer");
        _enqueueFillBuffer = (delegate* unmanaged<nint, nint, void*, nuint, nuint, nuint, uint, nint*, nint*, int>)Find("clEnqueueFillBuffer");
        _createProgramWithSource = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)Find("clCreateProgramWithSource");
        _createProgramWithBinary = (delegate* unmanaged<nint, uint, nint*, nuint*, byte**, int*, int*, nint>)Find("clCreateProgramWithBinary");
        _buildProgram = (delegate* unmanaged<nint, uint, nint*, byte*, nint, nint, int>)Find("clBuildProgram");
        _getProgramBuildInfo = (delegate* unmanaged<nint, nint, int, nuint, void*, nuint*, int>)Find("clGetProgramBuildInfo");
        _getProgramInfo = (delegate* unmanaged<nint, int, nuint, void*, nuint*, int>)Find("clGetProgramInfo");
        _releaseProgram = (delegate* unmanaged<nint, int>)Find("clReleaseProgram");
        _createKernel = (delegate* unmanaged<nint, byte*, int*, nint>)Find("clCreateKernel");
        _releaseKernel = (delegate* unmanaged<nint, int>)Find("clReleaseKernel");
        _setKernelArg = (delegate* unmanaged<nint, uint, nuint, void*, int>)Find("clSetKernelArg");
        _enqueueNDRangeKernel = (delegate* unmanaged<nint, nint, uint, nuint*, nuint*, nuint*, uint, nint*, nint*, int>)Find("clEnqueueNDRangeKernel");
        _enqueueMarker = (delegate* unmanaged<nint, uint, nint*, nint*, int>)Find("clEnqueueMarkerWithWaitList");
        _waitForEvents = (delegate* unmanaged<uint, nint*, int>)Find("clWaitForEvents");
        _releaseEvent = (delegate* unmanaged<nint, int>)Find("clReleaseEvent");
        _flush = (delegate* unmanaged<nint, int>)Find("clFlush");
        _finish = (delegate* unmanaged<nint, int>)Find("clFinish");

        nint Find(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>All devices of all platforms, with the platforms' names.</summary>
    public IReadOnlyList<(nint Device, string Platform)> Devices()
    {
        uint count;
        var devices = new List<(nint, string)>();

        // A loader without any driver reports an error of its own instead of none.
        if (_getPlatformIds(0, null, &count) != 0 || count == 0)
        {
            return devices;
        }

        var platforms = new nint[count];
        fixed (nint* all = platforms)
        {
            OpenClException.Check(_getPlatformIds(count, all, null), "clGetPlatformIDs");
        }

        foreach (nint platform in platforms)
        {
            int error = _getDeviceIds(platform, AllDevices, 0, null, &count);
            if (error == DeviceNotFound || count == 0)
            {
                continue;
            }

            OpenClException.Check(error, "clGetDeviceIDs");
            var found = new nint[count];
            fixed (nint* all = found)
            {
                OpenClException.Check(_getDeviceIds(platform, AllDevices, count, all, null), "clGetDeviceIDs");
            }

            string name = Text((size, value, needed) => _getPlatformInfo(platform, PlatformName, size, (void*)value, (nuint*)needed), "clGetPlatformInfo");
            devices.AddRange(found.Select(device => (device, name)));
        }

        return devices;
    }

    /// <summary>A property of a device that is text.</summary>
    public string DeviceText(nint device, int property) =>
        Text((size, value, needed) => _getDeviceInfo(device, property, size, (void*)value, (nuint*)needed), "clGetDeviceInfo");

    /// <summary>A property of a device that is a number of up to 64 bits.</summary>
    public ulong DeviceNumber(nint device, int property)
    {
        ulong value = 0;
        OpenClException.Check(_getDeviceInfo(device, property, sizeof(ulong), &value, null), "clGetDeviceInfo");
        return value;
    }

    public nint CreateContext(nint device)
    {
        int error;
        nint context = _createContext(null, 1, &device, 0, 0, &error);
        OpenClException.Check(error, "clCreateContext");
        return context;
    }

    /// <summary>A queue whose commands run in their order.</summary>
    public nint CreateQueue(nint context, nint device)
    {
        int error;
        nint queue = _createCommandQueue(context, device, 0, &error);
        OpenClException.Check(error, "clCreateCommandQueue");
        return queue;
    }

    public void ReleaseQueue(nint queue) => _releaseCommandQueue(queue);

    public nint CreateBuffer(nint context, long bytes)
    {
        const ulong ReadWrite = 1;
        int error;
        nint buffer = _createBuffer(context, ReadWrite, (nuint)bytes, null, &error);
        OpenClException.Check(error, "clCreateBuffer");
        return buffer;
    }

    /// <summary>A part of a buffer as a buffer.</summary>
    public nint CreateSubBuffer(nint buffer, long offset, long bytes)
    {
        const ulong ReadWrite = 1;
        const uint Region = 0x1220;
        nuint* region = stackalloc nuint[2] { (nuint)offset, (nuint)bytes };
        int error;
        nint part = _createSubBuffer(buffer, ReadWrite, Region, region, &error);
        OpenClException.Check(error, "clCreateSubBuffer");
        return part;
    }

    public void ReleaseBuffer(nint buffer) => _releaseMemObject(buffer);

    /// <summary>Copies to the host, after all commands before it, and waits.</summary>
    public void Read(nint queue, nint buffer, Span<byte> target)
    {
        fixed (byte* to = target)
        {
            OpenClException.Check(_enqueueReadBuffer(queue, buffer, 1, 0, (nuint)target.Length, to, 0, null, null), "clEnqueueReadBuffer");
        }
    }

    /// <summary>Copies from the host, after all commands before it, and waits until the source may be changed.</summary>
    public void Write(nint queue, nint buffer, ReadOnlySpan<byte> source)
    {
        fixed (byte* from = source)
        {
            OpenClException.Check(_enqueueWriteBuffer(queue, buffer, 1, 0, (nuint)source.Length, from, 0, null, null), "clEnqueueWriteBuffer");
        }
    }

    /// <summary>Copies bytes within the device.</summary>
    public void Copy(nint queue, nint source, long sourceOffset, nint target, long targetOffset, long bytes) =>
        OpenClException.Check(_enqueueCopyBuffer(queue, source, target, (nuint)sourceOffset, (nuint)targetOffset, (nuint)bytes, 0, null, null), "clEnqueueCopyBuffer");

    /// <summary>Fills a buffer with zeros.</summary>
    public void Clear(nint queue, nint buffer, long bytes)
    {
        byte zero = 0;
        OpenClException.Check(_enqueueFillBuffer(queue, buffer, &zero, 1, 0, (nuint)bytes, 0, null, null), "clEnqueueFillBuffer");
    }

    /// <summary>Has a queue's commands begun, and marks where it is: an event that is over when they are done.</summary>
    public nint Mark(nint queue)
    {
        nint reached;
        OpenClException.Check(_enqueueMarker(queue, 0, null, &reached), "clEnqueueMarkerWithWaitList");
        OpenClException.Check(_flush(queue), "clFlush");
        return reached;
    }

    /// <summary>Waits for an event.</summary>
    public void Wait(nint reached) => OpenClException.Check(_waitForEvents(1, &reached), "clWaitForEvents");

    public void ReleaseEvent(nint reached) => _releaseEvent(reached);

    /// <summary>Waits until all commands of a queue are done.</summary>
    public void Finish(nint queue) => OpenClException.Check(_finish(queue), "clFinish");

    public nint CreateProgram(nint context, string source)
    {
        byte[] text = Encoding.UTF8.GetBytes(source);
        fixed (byte* start = text)
        {
            byte* from = start;
            nuint length = (nuint)text.Length;
            int error;
            nint program = _createProgramWithSource(context, 1, &from, &length, &error);
            OpenClException.Check(error, "clCreateProgramWithSource");
            return program;
        }
    }

    /// <summary>A program of an earlier build; 0 where the driver does not take it.</summary>
    public nint CreateProgram(nint context, nint device, ReadOnlySpan<byte> binary)
    {
        fixed (byte* start = binary)
        {
            byte* from = start;
            nuint length = (nuint)binary.Length;
            int status, error;
            nint program = _createProgramWithBinary(context, 1, &device, &length, &from, &status, &error);
            return error == 0 && status == 0 ? program : 0;
        }
    }

    /// <summary>Compiles a program; returns the compiler's log where it fails, else null.</summary>
    public string? Build(nint program, nint device, string options)
    {
        const int BuildLog = 0x1183;
        byte[] text = Encoding.UTF8.GetBytes(options + '\0');
        int error;
        nint only = device;
        fixed (byte* start = text)
        {
            error = _buildProgram(program, 1, &only, start, 0, 0);
        }

        return error == 0
            ? null
            : $"{OpenClException.NameOf(error)}: {Text((size, value, needed) => _getProgramBuildInfo(program, device, BuildLog, size, (void*)value, (nuint*)needed), "clGetProgramBuildInfo")}";
    }

    /// <summary>What the driver made of a program; empty where it does not tell.</summary>
    public byte[] Binary(nint program)
    {
        const int BinarySizes = 0x1165, Binaries = 0x1166;
        nuint size;
        if (_getProgramInfo(program, BinarySizes, (nuint)sizeof(nuint), &size, null) != 0 || size == 0)
        {
            return [];
        }

        var binary = new byte[size];
        fixed (byte* start = binary)
        {
            byte* to = start;
            return _getProgramInfo(program, Binaries, (nuint)sizeof(byte*), &to, null) == 0 ? binary : [];
        }
    }

    public void ReleaseProgram(nint program) => _releaseProgram(program);

    public nint CreateKernel(nint program, string name)
    {
        byte[] text = Encoding.UTF8.GetBytes(name + '\0');
        int error;
        fixed (byte* start = text)
        {
            nint kernel = _createKernel(program, start, &error);
            OpenClException.Check(error, $"clCreateKernel {name}");
            return kernel;
        }
    }

    public void ReleaseKernel(nint kernel) => _releaseKernel(kernel);

    public void SetArgument(nint kernel, int index, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value)
        {
            OpenClException.Check(_setKernelArg(kernel, (uint)index, (nuint)value.Length, start), "clSetKernelArg");
        }
    }

    /// <summary>Gives a kernel memory that a group of work-items shares.</summary>
    public void SetLocal(nint kernel, int index, int bytes) =>
        OpenClException.Check(_setKernelArg(kernel, (uint)index, (nuint)bytes, null), "clSetKernelArg");

    /// <summary>Gives a kernel a buffer; 0 for none.</summary>
    public void SetBuffer(nint kernel, int index, nint buffer) =>
        OpenClException.Check(_setKernelArg(kernel, (uint)index, (nuint)sizeof(nint), &buffer), "clSetKernelArg");

    /// <summary>Runs a kernel over a range of three axes.</summary>
    public void Launch(nint queue, nint kernel, in WorkRange range)
    {
        nuint* global = stackalloc nuint[3] { (nuint)range.Global0, (nuint)range.Global1, (nuint)range.Global2 };
        nuint* local = stackalloc nuint[3] { (nuint)range.Local0, (nuint)range.Local1, (nuint)range.Local2 };
        OpenClException.Check(_enqueueNDRangeKernel(queue, kernel, 3, null, global, local, 0, null, null), "clEnqueueNDRangeKernel");
    }

    private static string Text(Func<nuint, nint, nint, int> query, string function)
    {
        nuint length;
        OpenClException.Check(query(0, 0, (nint)(&length)), function);
        var bytes = new byte[length];
        fixed (byte* start = bytes)
        {
            OpenClException.Check(query(length, (nint)start, 0), function);
        }

        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }
}
