using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>Where the values of a plan lie, on the device, on the host or on both, and the copies that bring them from one to the other, once each way.</summary>
/// <param name="symbols">The values of the symbols in the graph's shapes.</param>
/// <param name="store">The stored values.</param>
/// <param name="steps">The plan's steps, to which copies are added.</param>
internal sealed class ValuePlaces(IReadOnlyDictionary<string, int> symbols, OpenClStore store, List<PlanStep> steps)
{
    private readonly Dictionary<Value, Place> _places = [];

    public DeviceSlots Device { get; } = new(store.Context.Properties.Alignment);

    public HostSlots Host { get; } = new(store.Host);

    /// <summary>The unit of nodes that is being bound: when what it asks for is written.</summary>
    public int Step { get; set; }

    /// <summary>The shape of a value in this plan.</summary>
    public Shape ShapeOf(Value value) => value.Shape.Evaluate(symbols);

    /// <summary>Takes in a value that the plan computes or is given.</summary>
    public void Define(Value value, int lastUse) => _places.Add(value, new Place(value.DType, ShapeOf(value), lastUse));

    /// <summary>Takes in a view: another name of the same memory.</summary>
    public void DefineView(Value view, Value of) => _places.Add(view, PlaceOf(of));

    /// <summary>True where a value can be read on the host without a copy.</summary>
    public bool IsOnHost(Value value) => PlaceOf(value) is { Host: >= 0 } or { Stored: not null };

    /// <summary>A value on the device, copied there where it is not yet.</summary>
    public Slot OnDevice(Value value)
    {
        Place place = PlaceOf(value);
        if (place.Device < 0)
        {
            if (place.Stored is { } stored)
            {
                place.Device = Device.AddFixed(store.Buffer(stored));
            }
            else
            {
                place.Device = NewDeviceSlot(place);
                steps.Add(new UploadStep(Text(value), OnHost(value), new Slot(place.Device, value.DType, ShapeOf(value))));
            }
        }

        return new Slot(place.Device, value.DType, ShapeOf(value));
    }

    /// <summary>A value on the host, copied there where it is not yet.</summary>
    public Slot OnHost(Value value)
    {
        Place place = PlaceOf(value);
        if (place.Host < 0)
        {
            if (place.Stored is { } stored)
            {
                place.Host = Host.AddStored(stored);
            }
            else
            {
                place.Host = NewHostSlot(place);
                steps.Add(new DownloadStep(Text(value), new Slot(place.Device, value.DType, ShapeOf(value)), new Slot(place.Host, value.DType, ShapeOf(value))));
            }
        }

        return new Slot(place.Host, value.DType, ShapeOf(value));
    }

    /// <summary>Where a value will be written on the device.</summary>
    public Slot WrittenOnDevice(Value value)
    {
        Place place = PlaceOf(value);
        if (place.Device < 0)
        {
            place.Device = NewDeviceSlot(place);
        }

        return new Slot(place.Device, value.DType, ShapeOf(value));
    }

    /// <summary>Where a value will be written on the host.</summary>
    public Slot WrittenOnHost(Value value)
    {
        Place place = PlaceOf(value);
        place.Host = NewHostSlot(place);
        return new Slot(place.Host, value.DType, ShapeOf(value));
    }

    /// <summary>A value that the caller hands in on the host, in memory of its own.</summary>
    public void GivenOnHost(Value value) => PlaceOf(value).Host = Host.AddForeign();

    private int NewDeviceSlot(Place place) => Device.Add(place.DType, place.Shape.ElementCount, Math.Min(Step, place.LastUse), place.LastUse);

    private int NewHostSlot(Place place) => Host.Add(place.DType, place.Shape.ElementCount, Math.Min(Step, place.LastUse), place.LastUse);

    private Place PlaceOf(Value value)
    {
        if (_places.TryGetValue(value, out Place? place))
        {
            return place;
        }

        if (!store.Host.Holds(value))
        {
            throw new InvalidOperationException($"{value} is read before it is computed.");
        }

        place = new Place(value.DType, ShapeOf(value), int.MaxValue) { Stored = value };
        _places.Add(value, place);
        return place;
    }

    private static string Text(Value value) => $"{value.Name ?? value.Producer?.ToString()} {value.Type}";

    /// <summary>Where a value lies; shared by all reshapes of it.</summary>
    private sealed class Place(DType dtype, Shape shape, int lastUse)
    {
        public DType DType => dtype;

        public Shape Shape => shape;

        public int LastUse => lastUse;

        /// <summary>The slot on the device, or -1.</summary>
        public int Device { get; set; } = -1;

        /// <summary>The slot on the host, or -1.</summary>
        public int Host { get; set; } = -1;

        /// <summary>The value, where no call changes it.</summary>
        public Value? Stored { get; init; }
    }
}
