using System.Collections.Concurrent;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>A device in use: its context, its memory in numbers, and the programs compiled for it. One for the process, shared by all models.</summary>
internal sealed class OpenClContext
{
    private const string Options = "-cl-std=CL1.2";
    private readonly nint _context, _device;
    private readonly ConcurrentDictionary<string, Lazy<nint>> _programs = new(StringComparer.Ordinal);
    private readonly KernelCache _cache;
    private long _bytesInUse;

    /// <param name="api">OpenCL.</param>
    /// <param name="device">The device's handle.</param>
    /// <param name="properties">What the device is taken for.</param>
    /// <param name="platform">The driver's name of itself.</param>
    /// <param name="kernels">The directory of compiled kernels; null for none.</param>
    public OpenClContext(OpenClApi api, nint device, DeviceProperties properties, string platform, string? kernels)
    {
        Api = api;
        Properties = properties;
        _device = device;
        _context = api.CreateContext(device);
        Races = new ProductRaces(this);
        _cache = new KernelCache($"{platform}|{properties.Name}|{properties.Version}|{properties.Driver}|{Options}", kernels);
    }

    public OpenClApi Api { get; }

    public DeviceProperties Properties { get; }

    /// <summary>What all models of the process did on the device.</summary>
    public OpenClCounters Counters { get; } = new(null);

    /// <summary>Who multiplies faster, by shape.</summary>
    public ProductRaces Races { get; }

    /// <summary>Bytes of device memory that buffers hold.</summary>
    public long BytesInUse => Interlocked.Read(ref _bytesInUse);

    public nint NewQueue() => Api.CreateQueue(_context, _device);

    /// <summary>Takes device memory.</summary>
    /// <exception cref="ResourceLimitException">The device has not as much left.</exception>
    public DeviceBuffer Allocate(long bytes, string purpose)
    {
        bytes = Math.Max(bytes, Properties.Alignment);
        if (bytes > Properties.LargestBuffer || BytesInUse + bytes > Properties.MemoryBytes)
        {
            throw new ResourceLimitException(
                Properties.Name,
                $"{purpose}: {bytes:N0} bytes beside {BytesInUse:N0} in use",
                $"at most {Properties.MemoryBytes:N0} bytes of memory, {Properties.LargestBuffer:N0} in one buffer",
                "use smaller batches, dispose of other models, or run on the CPU");
        }

        nint handle = Api.CreateBuffer(_context, bytes);
        Interlocked.Add(ref _bytesInUse, bytes);
        return new DeviceBuffer(this, handle, bytes);
    }

    /// <summary>A kernel of a program, which is compiled once; the caller releases the kernel.</summary>
    public nint NewKernel(string source, string name) =>
        Api.CreateKernel(_programs.GetOrAdd(source, s => new Lazy<nint>(() => Compile(s))).Value, name);

    internal void Freed(long bytes) => Interlocked.Add(ref _bytesInUse, -bytes);

    private nint Compile(string source)
    {
        if (_cache.TryRead(source) is { } binary && Api.CreateProgram(_context, _device, binary) is var known and not 0)
        {
            if (Api.Build(known, _device, Options) is null)
            {
                return known;
            }

            Api.ReleaseProgram(known);
        }

        nint program = Api.CreateProgram(_context, source);
        if (Api.Build(program, _device, Options) is { } log)
        {
            Api.ReleaseProgram(program);
            throw new OpenClException($"{Properties.Name} does not compile a kernel: {log}{Environment.NewLine}{source}");
        }

        _cache.Write(source, () => Api.Binary(program));
        return program;
    }
}
