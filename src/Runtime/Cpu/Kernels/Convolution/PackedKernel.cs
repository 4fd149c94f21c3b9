namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A convolution's kernel (spatial…, channels / groups, filters), packed for matrix products, one matrix a group.</summary>
internal sealed unsafe class PackedKernel
{
    private readonly PackedMatrix[] _groups;

    /// <summary>Packs Keras's layout; filters of one group lie together.</summary>
    public PackedKernel(ReadOnlySpan<float> kernel, int taps, int groupChannels, int filters, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, checked(taps * groupChannels * filters));
        GroupChannels = groupChannels;
        Filters = filters;
        _groups = new PackedMatrix[groups];
        int groupFilters = filters / groups;
        fixed (float* start = kernel)
        {
            for (int group = 0; group < groups; group++)
            {
                _groups[group] = new PackedMatrix(
                    start + (group * groupFilters), taps * groupChannels, groupFilters, filters, 1, panelsOnly: true);
            }
        }
    }

    /// <summary>Puts the kernel back as Keras stores it, bit for bit.</summary>
    public void Unpack(Span<float> kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, checked(_groups[0].Rows * Filters));
        fixed (float* start = kernel)
        {
            for (int group = 0; group < _groups.Length; group++)
            {
                _groups[group].Unpack(start + (group * _groups[group].Columns), Filters, 1);
            }
        }
    }

    public int GroupChannels { get; }

    public int Filters { get; }

    public ReadOnlySpan<PackedMatrix> Groups => _groups;
}
