using System.Collections.Concurrent;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>What was done on a device and around it.</summary>
/// <param name="parent">Counts along; null for none.</param>
internal sealed class OpenClCounters(OpenClCounters? parent)
{
    private readonly ConcurrentDictionary<string, long> _hostOps = new(StringComparer.Ordinal);
    private long _deviceOps, _uploads, _uploadedBytes, _downloads, _downloadedBytes;

    /// <summary>Operators run on the device; views are none.</summary>
    public long DeviceOps => Interlocked.Read(ref _deviceOps);

    /// <summary>Operators run on the CPU because they have no kernel.</summary>
    public long HostOps => _hostOps.Values.Sum();

    /// <summary>Those operators, by name.</summary>
    public IReadOnlyDictionary<string, long> HostOpsByName => _hostOps;

    /// <summary>Copies to the device, weights not counted.</summary>
    public long Uploads => Interlocked.Read(ref _uploads);

    public long UploadedBytes => Interlocked.Read(ref _uploadedBytes);

    /// <summary>Copies to the host.</summary>
    public long Downloads => Interlocked.Read(ref _downloads);

    public long DownloadedBytes => Interlocked.Read(ref _downloadedBytes);

    /// <summary>The operators that ran on the device, of all.</summary>
    public double DeviceShare => DeviceOps + HostOps == 0 ? 1 : (double)DeviceOps / (DeviceOps + HostOps);

    public void Ran(long deviceOps, IReadOnlyDictionary<string, int> hostOps)
    {
        Interlocked.Add(ref _deviceOps, deviceOps);
        foreach ((string name, int count) in hostOps)
        {
            _hostOps.AddOrUpdate(name, count, (_, known) => known + count);
        }

        parent?.Ran(deviceOps, hostOps);
    }

    public void Uploaded(long bytes)
    {
        Interlocked.Increment(ref _uploads);
        Interlocked.Add(ref _uploadedBytes, bytes);
        parent?.Uploaded(bytes);
    }

    public void Downloaded(long bytes)
    {
        Interlocked.Increment(ref _downloads);
        Interlocked.Add(ref _downloadedBytes, bytes);
        parent?.Downloaded(bytes);
    }
}
